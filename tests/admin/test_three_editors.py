"""Three editors at random over one published event: nothing is lost without being seen.

Whatever a save or publication replaces must have been in a form or on a conflict page that its
sender was shown. With PROVE=1 two hundred interleavings, otherwise a few.
"""

import html
import random

import pytest

from tests.admin.conftest import signed_in
from tests.admin.sending import sent
from tests.figures import divided, figure
from tests.make import cite, make_event, make_source, make_topic
from timeline.editing import events, history
from timeline.models import Event

pytestmark = pytest.mark.django_db
RUNS = figure(6, 200)
STEPS = 14
FIELDS = ("title", "summary", "date_note")


class Editor:
    """One person with the page that they opened last and all that they have been shown."""

    def __init__(self, name, event):
        self.client = signed_in("Publisher", name=name)
        self.event = event
        self.form = self.address = None
        self.seen = ""

    def look(self, response):
        self.seen += html.unescape(response.content.decode())

    def open(self):
        response = self.client.get(page(self.event), follow=True)
        self.address = (
            response.redirect_chain[-1][0] if response.redirect_chain else page(self.event)
        )
        self.form = sent(response)
        self.look(response)

    def send(self, chance, changes, button):
        """Send what was opened with these changes; choose until nobody asks any more."""
        data = self.form | changes | {button: "1"}
        address, self.form = self.address, None
        for _round in range(6):
            before = state(self.event)
            response = self.client.post(address, data)
            if response.status_code == 302:
                return before, state(self.event)
            self.look(response)
            if response.status_code != 409:
                return None  # refused with reasons; what was typed is on the page
            data = sent(response)
            for name in data:
                if name.startswith("keep-") and chance.random() < 0.5:
                    data[name] = [chance.choice(["mine", "theirs"])]
            text = response.content.decode()
            address = text.split('<form method="post" action="')[1].split('"')[0]
        raise AssertionError("the questions never end")


def page(event):
    return f"/admin/timeline/event/{event.pk}/change/"


def state(event):
    """What would be read or published next: the working copy, else the event."""
    now = Event.objects.filter(revises=event).first() or Event.objects.get(pk=event.pk)
    words = {name: getattr(now, name) for name in FIELDS}
    return words | {"quotes": {each.quote for each in now.citations.all()}}


def assert_seen(editor, before, after):
    for name in FIELDS:
        if before[name] != after[name]:
            assert before[name] in editor.seen, f"{name} was overrun: {before[name]}"
    for quote in before["quotes"] - after["quotes"]:
        assert quote in editor.seen, f"a source was overrun: {quote}"


@pytest.mark.parametrize("seed", divided(range(RUNS)))
def test_no_silent_loss(seed):
    chance = random.Random(seed)
    event = make_event(title="Words 0 stand here", summary="Summary 0.", date_note="Note 0.")
    event.citations.update(quote="Quote 0.")
    cite(event, make_source(), quote="Quote 1.")
    events.settle(event, by=None, before="published")
    editors = [Editor(name, event) for name in ("ann", "ben", "cho")]
    saved = asked = 0
    for step in range(2, STEPS + 2):
        editor = chance.choice(editors)
        act = chance.choice(["open", "save", "save", "save", "publish", "topic"])
        if act == "topic":
            events.add_topic([event], make_topic(), by=None)
            continue
        if editor.form is None or act == "open":
            editor.open()
            continue
        field = chance.choice([*FIELDS, "quote"])
        word = {"title": f"Words {step} stand here"}.get(field, f"{field} {step}.")
        changes = {"citations-0-quote" if field == "quote" else field: word}
        shown = len(editor.seen)
        told = {"release_kind": "update", "release_note": ""}
        done = (
            editor.send(chance, changes | told, "_publish_changes")
            if act == "publish"
            else editor.send(chance, changes, "_save")
        )
        asked += len(editor.seen) > shown
        if done is not None:
            saved += 1
            assert_seen(editor, *done)
    assert saved
    assert history.verify().wrong == []
    assert Event.objects.copies().count() <= 1
