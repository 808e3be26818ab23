"""Two servers and one editor: the very next answer of every process holds each edit."""

import itertools
import random
import re
from urllib.request import urlopen

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.commands import database_url, free_port, serving
from tests.figures import figure
from tests.make import make_actor, make_category, make_event, make_place, make_topic
from timeline.index import Choice, Selection, oracle
from timeline.models import Event

EDITS = figure(8, 200)
DATES = ("2024-05-06", "2023", "2024-23", "2019-02-27/2019-02-28", "[2024-10-08..2024-10-13]")


def asked(site, query):
    with urlopen(f"{site}/?{query}", timeout=20) as answer:
        return answer.read().decode()


def shown(page):
    """The public ids of the cards, in order, and the number in the sentence above them."""
    ids = re.findall(r'id="e-([0-9A-Z]{8})"', page)
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    number = re.search(r"([\d,]+) events?", title)
    return ids, int(number[1].replace(",", "")) if number else 0


def expected(selection):
    page = oracle.answer(selection)
    ids = dict(Event.objects.filter(pk__in=page.ids).values_list("pk", "public_id"))
    return [ids[pk] for pk in page.ids], page.total


class Editor:
    """Edits events through the desk, as a browser would."""

    def __init__(self, chance):
        self.chance, self.desk = chance, signed_in()
        self.words = (f"word{number}" for number in itertools.count(1))
        self.categories = [make_category(), make_category()]
        self.topics = [make_topic(), make_topic()]

    def change(self, event, **fields):
        address = f"/admin/timeline/event/{event.pk}/change/"
        data = sent(self.desk.get(address)) | {"_publish_changes": "Publish changes"} | fields
        response = self.desk.post(address, data)
        assert response.status_code == 302, response.context_data["problems"]

    def act(self, action, events, **fields):
        data = {"action": action, "_selected_action": [event.pk for event in events], **fields}
        self.desk.post("/admin/timeline/event/", data)

    def edit(self):
        event = self.chance.choice(list(Event.objects.filter(status="published").order_by("pk")))
        match self.chance.randrange(4):
            case 0:
                self.change(event, title=f"Talks and {next(self.words)}")
            case 1:
                self.change(event, date=self.chance.choice(DATES))
            case 2:
                self.change(event, category=self.chance.choice(self.categories).pk)
            case 3:
                if event.title.endswith("again"):
                    self.act("withdraw", [event], given="It was not so.", _apply="1")
                else:
                    self.change(event, title=f"Talks {next(self.words)} again")


@pytest.mark.django_db(transaction=True)
def test_the_next_answer_of_every_process_holds_each_edit(tmp_path):
    korea = make_actor("North Korea")
    for number in range(25):
        make_event(
            title=f"Talks {number}",
            date=DATES[number % 5],
            actors=[korea] if number % 2 else [],
            place=make_place(),
        )
    chance = random.Random(20)
    editor = Editor(chance)
    questions = [
        ("page_size=200", Selection(page_size=200)),
        (
            "actor=north-korea&year=2024",
            Selection(actor=Choice((korea.slug,)), year=Choice(("2024",))),
        ),
        ("q=talks&sort=-updated", Selection(q="talks", sort="-updated")),
        ("q=again", Selection(q="again")),
    ]
    servers = [
        {
            "DEMO": 1,
            "DATABASE_URL": database_url(),
            "DATA_DIR": tmp_path / str(n),
            "PORT": free_port(),
        }
        for n in (1, 2)
    ]
    with serving(**servers[0]), serving(**servers[1]):
        sites = [f"http://127.0.0.1:{each['PORT']}" for each in servers]
        for _edit in range(EDITS):
            editor.edit()
            for query, selection in questions:
                right = expected(selection)
                # Twice, since a server has two workers and either may answer.
                for site in sites * 2:
                    assert shown(asked(site, query)) == right, (query, site)
