"""The page on how we verify says what the table of rules does, and each event says why."""

import re

import pytest

from tests.make import cite, make_actor, make_event, make_source
from timeline.verification import RULES
from timeline.web.verifying import BY_HAND, CONDITIONS, PREMISES

pytestmark = pytest.mark.django_db


def words(response):
    html = re.sub(r"<svg\b.*?</svg>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_is_the_table_of_the_code(client):
    html = client.get("/about/").content.decode()
    table = html.partition('id="rules"')[2].partition("</section>")[0]
    found = re.findall(
        r'<tr><td class="r">(\d*)</td><td>(.*?)</td><th scope="row"><span class="ver (\w+)">', table
    )
    assert found == [
        *(
            (str(number), str(CONDITIONS[rule.key]), rule.label.value)
            for number, rule in enumerate(RULES, 1)
        ),
        ("", str(BY_HAND), "disproved"),
    ]
    for premise in PREMISES:
        assert str(premise) in table


def test_an_event_page_says_why_and_leads_to_the_rules(client):
    event = make_event()
    cite(event, stance="denies", speaker=make_actor("Russia"))
    page = client.get(event.get_absolute_url())
    assert "Denied by Russia" in words(page)
    assert 'href="/about/#rules"' in page.content.decode()


def test_a_label_that_was_set_by_hand_says_so_with_its_note(client):
    event = make_event(verification_override="disproved", verification_note="The photo is of 2019.")
    page = words(client.get(event.get_absolute_url()))
    assert "Disproved. Set by an editor, not by the rules: The photo is of 2019." in page
    assert "Carried by" not in page


def test_a_denial_is_asked_for_in_the_words_of_a_denial(client):
    russia = make_actor("Russia")
    event = make_event(title="Russia hides a ship")
    cite(event, make_source(), stance="denies", speaker=russia)
    other = make_event(title="Russia shows a ship")
    cite(other, make_source(), stance="confirms", speaker=russia)
    response = client.get("/?stance=denies&speaker=russia")
    page = words(response)
    assert "1 event denied by Russia" in page
    assert "Denied by: Russia" in page
    assert "Russia hides a ship" in page
    assert "Russia shows a ship" not in page
    assert "2 events denied or confirmed by Russia" in words(
        client.get("/?stance=confirms&stance=denies&speaker=russia")
    ) or "2 events confirmed or denied by Russia" in words(
        client.get("/?stance=confirms&stance=denies&speaker=russia")
    )
