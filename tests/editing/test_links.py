"""How a pasted link becomes a source: known, new, or an archive's copy of one."""

import datetime as dt

import pytest
from django.db import transaction

from tests.make import make_source
from timeline.editing import links
from timeline.models import Source

pytestmark = pytest.mark.django_db

PAGE = "https://paper.example/a"
COPY = f"https://web.archive.org/web/20240305102030/{PAGE}"
AT = dt.datetime(2024, 3, 5, 10, 20, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 5, 1)


def pasted(link):
    with transaction.atomic():
        return links.source_for_link(link, today=TODAY)


def test_a_pasted_copy_is_the_source_with_its_copy():
    source = Source.objects.get(pk=pasted(COPY).pk)
    assert (source.url, source.archive_url, source.archived_at) == (PAGE, COPY, AT)
    assert source.publisher.name == "paper.example"
    assert pasted(PAGE) == source
    assert pasted(COPY) == source
    assert Source.objects.count() == 1


def test_a_pasted_copy_of_a_known_page_is_kept_with_it():
    known = make_source(url=PAGE)
    assert pasted(COPY) == known
    known.refresh_from_db()
    assert (known.archive_url, known.archived_at) == (COPY, AT)


def test_a_copy_that_is_recorded_is_not_replaced():
    known = make_source(url=PAGE, archive_url="https://archive.ph/AbC12")
    pasted(COPY)
    known.refresh_from_db()
    assert known.archive_url == "https://archive.ph/AbC12"
    assert pasted("https://archive.ph/AbC12") == known


def test_a_copy_without_its_original_is_its_own_source():
    source = pasted("https://perma.cc/ABCD-1234")
    assert (source.url, source.archive_url) == ("https://perma.cc/ABCD-1234", "")
