"""Whatever the desk saves or deletes is in the change log, rows and names included."""

import pytest

from tests.admin.conftest import event_data
from tests.admin.sending import sent
from tests.changes import noted, undone_without_its_change
from tests.make import (
    count_figure,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_metric,
    make_publisher,
    make_source,
    make_topic,
)
from timeline.models import ActorName, Event, PublisherName, Relation, Topic

pytestmark = pytest.mark.django_db
DESK = "/admin/timeline/"
DELETE = {"post": "yes"}


def save(client, address, **typed):
    data = {**sent(client.get(address)), "_save": "Save", **typed}
    response = client.post(address, data)
    assert response.status_code == 302, response.content.decode()


def row(prefix, number, initial=0, **fields):
    """One row more at the end of a formset."""
    data = {f"{prefix}-TOTAL_FORMS": str(number + 1), f"{prefix}-INITIAL_FORMS": str(initial)}
    return data | {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


def add_an_event(root):
    figure = {"metric": make_metric().pk, "best": "7", "qualifier": "exact"}
    data = event_data(
        {"link": "https://new.org/a", "stance": "denies", "speaker": "new:A ministry"},
        figures=[{**figure, "basis": "this_event", "state": "current"}],
        relations=[{"kind": "follows", "to_event": make_event().pk}],
        category=make_category().pk,
        actors=["new:A new body"],
        place="new:Sudzha",
        topics=["new:Prisoners"],
        status="published",
    )
    return lambda: root.post(DESK + "event/add/", data)


def relate_to_another(root):
    event, other = make_event(), make_event()
    new = row("relations", 0, kind="contradicts", to_event=other.pk)
    return lambda: save(root, f"{DESK}event/{event.pk}/change/", **new)


def _with_relation():
    event, other = make_event(), make_event()
    Relation.objects.create(from_event=event, to_event=other, kind="follows")
    return event


def relate_to_a_third(root):
    event, third = _with_relation(), make_event()
    typed = {"relations-0-to_event": third.pk}
    return lambda: save(root, f"{DESK}event/{event.pk}/change/", **typed)


def take_a_relation_out(root):
    event = _with_relation()
    typed = {"relations-0-DELETE": "on"}
    return lambda: save(root, f"{DESK}event/{event.pk}/change/", **typed)


def delete_a_draft(root):
    draft = make_event(status="draft")
    count_figure(draft)
    return lambda: root.post(f"{DESK}event/{draft.pk}/delete/", DELETE)


def add_a_name(root):
    actor = make_actor("North Korea")
    new = row("names", 0, name="북한", language="ko", kind="short")
    return lambda: save(root, f"{DESK}actor/{actor.pk}/change/", **new)


def change_a_name(root):
    actor = make_actor("North Korea")
    ActorName.objects.create(actor=actor, name="조선", language="ko")
    return lambda: save(root, f"{DESK}actor/{actor.pk}/change/", **{"names-0-name": "북한"})


def take_a_name_out(root):
    actor = make_actor("North Korea")
    ActorName.objects.create(actor=actor, name="조선", language="ko")
    return lambda: save(root, f"{DESK}actor/{actor.pk}/change/", **{"names-0-DELETE": "on"})


def change_a_publishers_names_and_domains(root):
    publisher = make_publisher("Yonhap")
    PublisherName.objects.create(publisher=publisher, name="연합뉴스", language="ko")
    typed = {"names-0-DELETE": "on", **row("domains", 0, domain="www.yna.co.kr")}
    return lambda: save(root, f"{DESK}publisher/{publisher.pk}/change/", **typed)


def rename_a_category(root):
    category = make_category("Summit")
    typed = {"slug": "summits", "name": "Summits"}
    return lambda: save(root, f"{DESK}category/{category.pk}/change/", **typed)


def write_a_text(root):
    text = {"key": "about", "language": "en", "markdown": "Words."}
    return lambda: root.post(f"{DESK}sitetext/add/", text)


def delete_a_source(root):
    source = make_source()
    return lambda: root.post(f"{DESK}source/{source.pk}/delete/", DELETE)


def delete_several(root):
    actors = [make_actor(), make_actor()]
    data = {
        "action": "delete_selected",
        "_selected_action": [actor.pk for actor in actors],
        **DELETE,
    }
    return lambda: root.post(f"{DESK}actor/", data)


PATHS = [
    add_an_event,
    relate_to_another,
    relate_to_a_third,
    take_a_relation_out,
    delete_a_draft,
    add_a_name,
    change_a_name,
    take_a_name_out,
    change_a_publishers_names_and_domains,
    rename_a_category,
    write_a_text,
    delete_a_source,
    delete_several,
]


@pytest.mark.parametrize("path", PATHS)
def test_everything_saved_is_in_the_log(root, path):
    act = path(root)
    with noted():
        act()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_saved_without_its_change(root, path):
    undone_without_its_change(path(root))


def test_a_draft_with_figures_can_be_deleted(root):
    draft = make_event(status="draft")
    count_figure(draft)
    page = f"{DESK}event/{draft.pk}/delete/"
    assert page in root.get(f"{DESK}event/{draft.pk}/change/").content.decode()
    assert "Yes, I’m sure" in root.get(page).content.decode()
    root.post(page, DELETE)
    assert not Event.objects.exists()


def test_a_topic_in_use_is_not_deleted(root):
    topic = make_topic("Prisoners")
    event = make_draft(topics=[topic], title="A prisoner is seen")
    page = root.get(f"{DESK}topic/{topic.pk}/delete/").content.decode()
    assert "A prisoner is seen" in page
    assert "Yes, I’m sure" not in page
    root.post(f"{DESK}topic/{topic.pk}/delete/", DELETE)
    data = {"action": "delete_selected", "_selected_action": [topic.pk], **DELETE}
    assert root.post(f"{DESK}topic/", data).status_code == 200
    assert Topic.objects.get() == event.topics.get()


def test_what_was_public_offers_no_deletion(root):
    event = make_event()
    page = f"{DESK}event/{event.pk}/delete/"
    assert page not in root.get(f"{DESK}event/{event.pk}/change/").content.decode()
    assert root.post(page, DELETE).status_code == 403
    assert Event.objects.exists()
