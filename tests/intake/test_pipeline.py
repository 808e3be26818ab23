"""The one way in: verdicts, decisions, all or nothing, and nothing that was typed is lost."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied

from tests.changes import noted, undone_without_its_change
from tests.make import (
    cite,
    make_actor,
    make_category,
    make_draft,
    make_event,
    make_source,
    make_term,
)
from timeline.editing import events, history, merging
from timeline.editing.permissions import write_groups
from timeline.editing.publishing import StepRefused
from timeline.intake import pipeline
from timeline.intake.drafts import (
    ActorDraft,
    CategoryDraft,
    CitationDraft,
    EventDraft,
    ExternalDraft,
    FigureDraft,
    MetricDraft,
    NameDraft,
    ParticipationDraft,
    PlaceDraft,
    Problem,
    PublisherDraft,
    Read,
    RelationDraft,
    SourceDraft,
    TermDraft,
    TranslationDraft,
)
from timeline.intake.pipeline import Verdict
from timeline.models import (
    Actor,
    Category,
    Event,
    ExternalId,
    ImportBatch,
    Place,
    Publisher,
    Relation,
    Source,
    Term,
    VerificationStep,
    Version,
)
from timeline.models.choices import Status
from timeline.models.translations import seal

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 26)


def draft(row=2, **changes):
    given = {
        "row": row,
        "title": f"Troops of row {row} cross the border",
        "date": "2024-10-20",
        "category": CategoryDraft("Troop movement"),
        "external": (ExternalDraft("list", f"id-{row}"),),
        "citations": (
            CitationDraft(SourceDraft(url=f"https://news.example/{row}", title=f"Report {row}")),
        ),
        **changes,
    }
    return EventDraft(**given)


def read(*drafts, problems=()):
    return Read("list", list(drafts), list(problems), len(drafts))


def plan(*drafts, by=None, publish=False, problems=()):
    return pipeline.plan(read(*drafts, problems=problems), by=by, today=TODAY, publish=publish)


def brought(*drafts, by=None, publish=False, decisions=None):
    return pipeline.apply(plan(*drafts, by=by, publish=publish), decisions, by=by)


def verdicts(found):
    return [each.verdict for each in found.rows]


FULL = EventDraft(
    row=2,
    title="Soldiers of the 11th Corps arrive in Kursk",
    date="2024-10/2024-11",
    summary="They came by train.",
    label="Arrival",
    date_basis="first_reported",
    date_note="Two agencies name two days.",
    category=CategoryDraft("Troop movement", shape="arrow", family="military"),
    topics=(CategoryDraft("Kursk"), CategoryDraft("Trains"), CategoryDraft("kursk")),
    place=PlaceDraft(
        "Sudzha", kind="city", country="RU", parent=PlaceDraft("Kursk Oblast", kind="province")
    ),
    place_precision="near",
    importance="key",
    participations=(
        ParticipationDraft(
            ActorDraft(
                "11th Corps",
                kind="armed_force",
                names=(NameDraft("제11군단", "ko"),),
                parent=ActorDraft("North Korea", kind="state"),
            ),
            "initiator",
        ),
        ParticipationDraft(ActorDraft("Russia", kind="state"), "host", alleged=True),
    ),
    citations=(
        CitationDraft(
            SourceDraft(
                url="https://www.yna.example/1?utm_source=x",
                title="Corps arrives",
                publisher=PublisherDraft(
                    "Yonhap", kind="wire", controlled_by=ActorDraft("South Korea")
                ),
                published="2024-10-21",
                language="ko",
            ),
            quote="They arrived.",
            supports=("date", "actors"),
        ),
        CitationDraft(
            SourceDraft(
                reference="Evening paper, page 3", publisher=PublisherDraft("Evening Paper")
            ),
            stance="denies",
            speaker=ActorDraft("Russia"),
        ),
    ),
    figures=(
        FigureDraft(
            MetricDraft("troops", "Troops", "people"),
            subject="North Korean soldiers",
            low=Decimal(1500),
            qualifier="at_least",
            citation=0,
            state="superseded",
            superseded_by=1,
        ),
        FigureDraft(
            MetricDraft("troops", "Troops", "people"),
            subject="North Korean soldiers",
            best=Decimal(3000),
            attributed_to=ActorDraft("Russia"),
        ),
    ),
    external=(ExternalDraft("list", "77", "https://list.example/77"),),
    internal_note="From the list.",
)


def test_everything_that_a_draft_says_is_kept():
    with noted():
        brought(FULL)
    event = Event.objects.get()
    assert (event.title, event.date, event.status) == (FULL.title, FULL.date, Status.DRAFT)
    assert (event.earliest, event.latest) == (dt.date(2024, 10, 1), dt.date(2024, 11, 30))
    assert (event.label, event.importance, event.place_precision) == ("Arrival", "key", "near")
    assert [str(each) for each in event.topics.all()] == ["Kursk", "Trains"]
    assert event.place.name == "Sudzha"
    assert event.place.parent.name == "Kursk Oblast"
    parts = list(event.participations.all())
    assert [(str(part.actor), part.role, part.alleged) for part in parts] == [
        ("11th Corps", "initiator", False),
        ("Russia", "host", True),
    ]
    assert parts[0].actor.parent.slug == "north-korea"
    assert [each.name for each in parts[0].actor.names.all()] == ["제11군단"]
    first, second = event.citations.all()
    assert first.source.canonical_url == "https://www.yna.example/1"
    assert first.source.publisher.controlled_by.name == "South Korea"
    assert first.supports == ["date", "actors"]
    assert (second.stance, second.speaker) == ("denies", parts[1].actor)
    older, newer = event.figures.all()
    assert older.superseded_by == newer
    assert older.citation == first
    assert newer.attributed_to == parts[1].actor
    assert str(event.external_ids.get()) == "list:77"
    # It is weighed as a save by hand would weigh it.
    before = event.verification, list(VerificationStep.objects.values_list("day", "label"))
    assert events.reassess([event]) == []
    event.refresh_from_db()
    after = event.verification, list(VerificationStep.objects.values_list("day", "label"))
    assert before == after
    assert before[0] == "disputed"


def test_the_second_import_creates_nothing():
    drafts = [FULL, draft(3), draft(4)]
    brought(*drafts)
    counts = [model.objects.count() for model in (Event, Actor, Source, Publisher, Place)]
    again = plan(*(replace(each, row=each.row + 5) for each in drafts))
    assert verdicts(again) == [Verdict.SAME] * 3
    batch = pipeline.apply(again, by=None)
    assert (batch.created, batch.updated, batch.same) == (0, 0, 3)
    assert counts == [model.objects.count() for model in (Event, Actor, Source, Publisher, Place)]


def test_what_the_record_knows_is_used():
    actor = make_actor(name="North Korea")
    actor.names.create(name="DPRK")
    source = make_source(url="https://news.example/a?id=1")
    category = make_category(name="Troop movement")
    brought(
        draft(
            participations=(ParticipationDraft(ActorDraft("dprk")),),
            citations=(CitationDraft(SourceDraft(url="https://news.example/a?id=1&fbclid=2")),),
        )
    )
    event = Event.objects.get()
    assert event.participations.get().actor == actor
    assert event.citations.get().source == source
    assert event.category == category
    assert Publisher.objects.count() == 1


def test_a_merged_source_is_the_one_that_was_kept():
    kept, gone = make_source(), make_source()
    public_id = gone.public_id
    merging.merge_sources(kept, gone)
    brought(draft(citations=(CitationDraft(SourceDraft(public_id=public_id, url=gone.url)),)))
    assert Event.objects.get().citations.get().source == kept


def test_a_thing_that_only_a_refused_or_skipped_row_names_is_not_made():
    bad = draft(3, title="", participations=(ParticipationDraft(ActorDraft("Nobody")),))
    found = plan(draft(2), bad)
    assert verdicts(found) == [Verdict.CREATED, Verdict.REFUSED]
    pipeline.apply(found, by=None)
    assert Event.objects.count() == 1
    assert not Actor.objects.filter(name="Nobody").exists()


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 141}, "title"),
        ({"summary": "x" * 601}, "summary"),
        (
            {"citations": (CitationDraft(SourceDraft(url="https://x.example/"), note="x" * 301),)},
            "source: note",
        ),
        ({"date": "2024-13"}, "date"),
        ({"date": ""}, "date"),
        ({"importance": "huge"}, "importance"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"verification_override": "confirmed"}, "verification_note"),
        ({"day_order": 99_999}, "day_order"),
        ({"place": PlaceDraft("X", country="Korea")}, "place: country"),
        ({"participations": (ParticipationDraft(ActorDraft("A", kind="god")),)}, "actor: kind"),
        ({"participations": (ParticipationDraft(ActorDraft("A"), "hero"),)}, "actor: role"),
        ({"citations": (CitationDraft(SourceDraft(url="ftp://x.example/")),)}, "source: url"),
        ({"citations": (CitationDraft(SourceDraft(title="A book")),)}, "source: publisher"),
        (
            {"figures": (FigureDraft(MetricDraft("troops"), best=Decimal(1), citation=7),)},
            "figure: source",
        ),
        ({"figures": (FigureDraft(MetricDraft("troops"), citation=0),)}, "figure"),
        ({"figures": (FigureDraft(MetricDraft("no code"), best=Decimal(1)),)}, "metric: code"),
        ({"external": (ExternalDraft("", "7"),)}, "external id: system"),
    ],
)
def test_what_a_form_would_refuse_is_refused(changes, column):
    found = plan(draft(7, **changes))
    assert verdicts(found) == [Verdict.REFUSED]
    problems = [each for each in found.rows[0].problems if each.fatal]
    assert column in [each.column for each in problems]
    assert all(each.row == 7 and each.sentence for each in problems)
    assert found.refused


def test_two_rows_with_one_id():
    found = plan(draft(2), draft(3, external=(ExternalDraft("list", "id-2"),)))
    assert verdicts(found) == [Verdict.CREATED, Verdict.REFUSED]
    assert "Row 2" in found.rows[1].problems[0].sentence


# --- Events that are there ------------------------------------------------------------------


def test_a_draft_that_nobody_touched_says_what_the_file_says_now():
    brought(draft(2))
    found = plan(draft(2, title="Troops cross a second border", topics=(CategoryDraft("Kursk"),)))
    assert verdicts(found) == [Verdict.UPDATED]
    with noted():
        batch = pipeline.apply(found, by=None)
    event = Event.objects.get()
    assert (batch.updated, event.title) == (1, "Troops cross a second border")
    assert [str(each) for each in event.topics.all()] == ["Kursk"]
    assert event.citations.count() == 1
    assert verdicts(plan(draft(2, title="Once more"))) == [Verdict.UPDATED]


def test_what_an_editor_saved_since_stays():
    brought(draft(2))
    event = Event.objects.get()
    event.summary = "Typed by hand."
    events.settle(event, by=None, before=Status.DRAFT)
    found = plan(draft(2, title="Troops cross a second border"))
    assert verdicts(found) == [Verdict.SAME]
    assert "edited since" in found.rows[0].problems[0].sentence
    pipeline.apply(found, by=None)
    event.refresh_from_db()
    assert event.summary == "Typed by hand."
    assert event.title == draft(2).title


def test_a_published_one_stays():
    brought(draft(2), publish=True)
    found = plan(draft(2, title="Troops cross a second border"))
    assert verdicts(found) == [Verdict.SAME]
    pipeline.apply(found, by=None)
    assert Event.objects.get().title == draft(2).title
    assert Version.objects.count() == 1


def test_after_a_merge_the_file_means_the_kept_event():
    brought(draft(2), publish=True)
    gone = Event.objects.get()
    keep = make_event(title="Another event that stays")
    with noted():
        events.merge(keep, gone, by=None)
    assert ExternalId.objects.get().event == keep
    assert plan(draft(2)).rows[0].event == keep.pk


# --- Possible duplicates --------------------------------------------------------------------


@pytest.fixture
def twin():
    event = make_draft(title="Troops of row 2 crossed the border", date="2024-10-22")
    cite(event, make_source(url="https://news.example/other"))
    return event


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("2024-10-20", Verdict.DUPLICATE),
        ("2024-10-19", Verdict.DUPLICATE),
        ("2024-10-18", Verdict.CREATED),
    ],
)
@pytest.mark.usefixtures("twin")
def test_a_like_title_within_three_days(date, verdict):
    assert verdicts(plan(draft(2, date=date))) == [verdict]


@pytest.mark.parametrize(
    ("date", "verdict"), [("2024-10-21", Verdict.DUPLICATE), ("2024-10-20", Verdict.CREATED)]
)
@pytest.mark.usefixtures("twin")
def test_the_same_link_one_day_either_way(date, verdict):
    link = CitationDraft(SourceDraft(url="https://news.example/other?utm_medium=mail"))
    found = plan(draft(2, title="Nothing alike at all", date=date, citations=(link,)))
    assert verdicts(found) == [verdict]


def test_two_events_of_one_list_are_two():
    brought(draft(2))
    assert verdicts(plan(draft(3, title=draft(2).title))) == [Verdict.CREATED]


@pytest.mark.parametrize(
    ("decision", "events_after", "summary"),
    [(None, 1, ""), ("skip", 1, ""), ("import", 2, ""), ("update", 1, "From the file.")],
)
def test_what_is_decided_is_done(twin, decision, events_after, summary):
    found = plan(draft(2, summary="From the file.", title="Troops of row 2 cross the border"))
    assert verdicts(found) == [Verdict.DUPLICATE]
    assert found.rows[0].event == twin.pk
    pipeline.apply(found, {2: decision} if decision else {}, by=None)
    assert Event.objects.count() == events_after
    twin.refresh_from_db()
    assert twin.summary == summary
    assert twin.title == "Troops of row 2 crossed the border"
    assert twin.citations.count() == (2 if decision == "update" else 1)
    if decision == "update":
        assert verdicts(plan(draft(2))) == [Verdict.SAME]


def test_a_published_twin_gets_a_working_copy():
    public = make_event(title="Troops of row 2 crossed the border", date="2024-10-20", summary="")
    found = plan(draft(2, summary="From the file."))
    with noted():
        pipeline.apply(found, {2: "update"}, by=None)
    public.refresh_from_db()
    assert (public.summary, public.version) == ("", 1)
    assert public.working_copy.summary == "From the file."
    assert public.citations.count() == 1
    assert public.working_copy.citations.count() == 2
    assert ExternalId.objects.get().event == public


def test_what_an_update_finds_typed_stays(twin):
    twin.summary = "Typed by hand."
    twin.save()
    found = plan(draft(2, summary="From the file."))
    pipeline.apply(found, {2: "update"}, by=None)
    twin.refresh_from_db()
    assert twin.summary == "Typed by hand."


# --- All or nothing -------------------------------------------------------------------------


def test_nothing_is_written_without_its_change():
    undone_without_its_change(lambda: brought(FULL, draft(3)))
    assert ImportBatch.objects.count() == 0


def test_an_edit_meanwhile_that_changes_a_verdict_stops_the_import():
    found = plan(draft(2), draft(3))
    make_draft(title=draft(3).title, date="2024-10-20")
    with pytest.raises(pipeline.Outdated):
        pipeline.apply(found, by=None)
    assert Event.objects.count() == 1
    assert not Source.objects.exists()


def test_an_edit_meanwhile_that_changes_none_is_taken_into_account():
    found = plan(draft(2, participations=(ParticipationDraft(ActorDraft("Russia")),)))
    actor = make_actor(name="Russia")
    make_draft(title="Something else entirely", date="1999")
    pipeline.apply(found, by=None)
    assert Event.objects.get(title=draft(2).title).participations.get().actor == actor


def test_problems_of_the_reader_stay_with_their_rows():
    bad = Problem(5, "Month", "13", "There is no month 13.")
    note = Problem(2, "Text", "…", "It was shortened.", fatal=False)
    whole = Problem(0, "", "", "It was read as CP949.", fatal=False)
    found = plan(draft(2), problems=(whole, note, bad))
    assert [(each.row, each.verdict) for each in found.rows] == [
        (2, Verdict.CREATED),
        (5, Verdict.REFUSED),
    ]
    assert found.rows[0].problems == (note,)
    assert found.problems == (whole,)
    assert found.all_problems() == [whole, note, bad]


# --- Publishing -----------------------------------------------------------------------------


def test_published_at_once_with_version_and_history():
    with noted():
        brought(FULL, draft(3), publish=True)
    assert Event.objects.public().count() == 2
    assert history.verify().wrong == []
    event = Event.objects.get(title=FULL.title)
    assert event.slug == "soldiers-of-the-11th-corps-arrive-in-kursk"
    content = event.versions.get().content()
    assert content["external_ids"] == [
        {"system": "list", "value": "77", "url": "https://list.example/77"}
    ]


def test_what_hinders_publishing_makes_a_draft():
    found = plan(draft(2, category=None), draft(3, citations=()), draft(4), publish=True)
    assert all("imported as a draft" in each.problems[0].sentence for each in found.rows[:2])
    pipeline.apply(found, by=None)
    assert Event.objects.public().get().title == draft(4).title


def test_a_version_from_elsewhere_says_so():
    brought(
        draft(
            2,
            public_id="7K3Q9FZX",
            version=3,
            published_at=dt.datetime(2025, 1, 2, tzinfo=dt.UTC),
            revised_at=dt.datetime(2025, 3, 2, tzinfo=dt.UTC),
            address="https://other.example/events/7K3Q9FZX/troops/",
        ),
        publish=True,
    )
    event = Event.objects.get(public_id="7K3Q9FZX")
    assert (event.version, event.published_at.year, event.revised_at.month) == (3, 2025, 3)
    version = event.versions.get()
    assert version.number == 3
    assert "https://other.example/events/7K3Q9FZX/troops/history/" in version.public_note
    assert history.verify().wrong == []


def test_relations_within_the_file_and_to_the_record():
    other = make_event(title="Something before all this", date="2020")
    brought(
        draft(
            2,
            relations=(RelationDraft("follows", other.public_id), RelationDraft("follows", "nope")),
        ),
        draft(
            3,
            relations=(
                RelationDraft("part_of", "list:id-2"),
                RelationDraft("same_series", "list:id-2"),
            ),
        ),
        draft(4, relations=(RelationDraft("part_of", "list:id-3"),)),
    )
    by_title = {each.title: each for each in Event.objects.all()}
    second, third = by_title[draft(2).title], by_title[draft(3).title]
    assert set(Relation.objects.values_list("from_event", "kind", "to_event")) == {
        (second.pk, "follows", other.pk),
        (third.pk, "part_of", second.pk),
        (third.pk, "same_series", second.pk),
        (by_title[draft(4).title].pk, "part_of", third.pk),
    }


def test_a_relation_that_the_file_names_no_more_goes():
    first, second = (make_event(title=f"Something {each} this", date="2020") for each in "ab")
    names = [RelationDraft("follows", first.public_id), RelationDraft("follows", second.public_id)]
    brought(draft(2, relations=tuple(names)))
    kept = Relation.objects.get(to_event=second).pk
    found = plan(draft(2, relations=(names[1],)))
    assert verdicts(found) == [Verdict.UPDATED]
    with noted():
        pipeline.apply(found, by=None)
    assert list(Relation.objects.values_list("pk", "to_event")) == [(kept, second.pk)]
    # What others say of the event isn't the file's.
    Relation.objects.create(
        from_event=first, kind="follows", to_event=Event.objects.get(title=draft(2).title)
    )
    brought(draft(2))
    assert list(Relation.objects.values_list("from_event", flat=True)) == [first.pk]


def test_a_relation_that_the_file_turns_round():
    brought(draft(2, relations=(RelationDraft("same_series", "list:id-3"),)), draft(3))
    brought(draft(2), draft(3, relations=(RelationDraft("same_series", "list:id-2"),)))
    (relation,) = Relation.objects.all()
    assert relation.from_event.title == draft(3).title


# --- Translations ---------------------------------------------------------------------------


def told(event):
    rows = event.translations.values_list("language", "title", "summary")
    return [(*row, event.translations.get(language=row[0]).of == own(event)) for row in rows]


def own(event):
    return seal(event.title, event.summary)


def test_translations_come_along_and_follow_their_row():
    korean = TranslationDraft("ko", "부대가 국경을 넘는다")
    old = TranslationDraft("fr", "Des troupes", "Un résumé.", outdated=True)
    brought(draft(translations=(korean, old)))
    event = Event.objects.get()
    assert told(event) == [
        ("fr", "Des troupes", "Un résumé.", False),
        ("ko", "부대가 국경을 넘는다", "", True),
    ]
    brought(draft(summary="More is known.", translations=(korean,)))
    event.refresh_from_db()
    assert event.summary == "More is known."
    assert told(event) == [("ko", "부대가 국경을 넘는다", "", True)]
    assert verdicts(plan(draft(summary="More is known.", translations=(korean,)))) == [Verdict.SAME]


def test_a_translation_that_can_not_be_is_refused():
    for wrong, sentence in (
        ((TranslationDraft("한국어", "가"),), "Write a code such as ko"),
        ((TranslationDraft("ko", "가"), TranslationDraft("ko", "나")), "Leave one out"),
    ):
        (row,) = plan(draft(translations=wrong)).rows
        assert row.verdict == Verdict.REFUSED
        assert any(sentence in each.sentence for each in row.problems)


# --- Who may --------------------------------------------------------------------------------


def person(role):
    write_groups(apps, "default")
    user = User.objects.create_user(role.lower())
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Auditor"])
def test_who_may_not_import(role):
    with pytest.raises(PermissionDenied):
        plan(draft(2), by=person(role))


@pytest.mark.parametrize("role", ["Publisher", "Administrator"])
def test_who_may(role):
    by = person(role)
    batch = brought(draft(2), by=by, publish=True)
    event = Event.objects.get()
    assert (batch.by, event.created_by, event.updated_by) == (by, by, by)
    assert event.versions.get().author == by


def test_where_two_people_publish_an_import_is_drafts(settings):
    settings.TWO_PEOPLE = True
    by = person("Publisher")
    with pytest.raises(StepRefused):
        plan(draft(2), by=by, publish=True)
    brought(draft(2), by=by)
    assert Event.objects.get().status == Status.DRAFT


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        found = plan(*(draft(row) for row in range(2, 302)))
    with django_assert_max_num_queries(70):
        pipeline.apply(found, by=None)
    assert Event.objects.count() == 300
    assert Category.objects.count() == 1


def test_terms_come_along_and_what_is_there_stays():
    make_term("Arms", "무기", "topic")
    terms = [
        TermDraft("topic", "Arms", "ko", "군수품"),
        TermDraft("topic", "Troops", "ko", "병력"),
        TermDraft("topic", "Troops", "ko", "병력"),
        TermDraft("nothing", "Troops", "ko", "병력"),
        TermDraft("topic", "Long", "ko", "ㄱ" * 601),
    ]
    read = Read("dateline-json", [draft()], rows=1, terms=terms)
    planned = pipeline.plan(read, by=None, today=TODAY)
    assert [each.column for each in planned.all_problems()] == ["glossary: kind", "glossary: words"]
    assert not planned.refused
    with noted():
        pipeline.apply(planned, by=None)
    told = Term.objects.order_by("original").values_list("original", "words")
    assert list(told) == [("Arms", "무기"), ("Troops", "병력")]
