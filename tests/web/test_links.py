"""What readers are told of a source's link: its state, its copy, and where to look for one."""

import datetime as dt

import pytest

from tests.make import make_event, make_source

pytestmark = pytest.mark.django_db

GONE = "https://paper.example/gone"
LOOK = "Look for a copy in the Wayback Machine"


def page(client, **source):
    made = make_source(url=GONE, **source)
    event = make_event(sources=[made])
    return (
        client.get(event.get_absolute_url()).content.decode(),
        client.get(made.get_absolute_url()).content.decode(),
    )


def test_a_gone_link_without_a_copy_leads_to_the_archive(client):
    for body in page(client, link_state="dead", published="2024-03-05"):
        assert "Link gone" in body
        assert LOOK in body
        assert f'href="https://web.archive.org/web/20240305/{GONE}"' in body


def test_without_a_day_any_copy_will_do(client):
    for body in page(client, link_state="dead", published="", accessed_on=None):
        assert f'href="https://web.archive.org/web/2/{GONE}"' in body


def test_a_recorded_copy_is_linked_instead(client):
    copy = f"https://archive.ph/20240305/{GONE}"
    for body in page(client, link_state="dead", archive_url=copy):
        assert f'href="{copy}"' in body
        assert LOOK not in body


@pytest.mark.parametrize("state", ["unknown", "ok", "redirected", "paywalled"])
def test_a_link_that_is_there_leads_to_no_archive(client, state):
    for body in page(client, link_state=state, accessed_on=dt.date(2024, 3, 5)):
        assert "web.archive.org" not in body
