"""Random edits of a record through the editing room: one of everything that staff can do."""

from contextlib import suppress

from django.db import transaction

from tests.index.made import DATES, PUBLISHED
from tests.make import make_actor, make_event, make_source, noted
from timeline.editing import copies, events, merging, things, versions
from timeline.editing.publishing import StepRefused
from timeline.editing.versions import Release
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Citation,
    Event,
    Figure,
    Metric,
    Participation,
    Place,
    Publisher,
    PublisherName,
    Source,
    Term,
    Topic,
    Version,
)
from timeline.models.choices import ChangeKind, Family, Importance, Role, Stance

WORDS = ("summit", "missile", "북한 미사일", "talks", "Kursk", "harbour", "Ōsaka", "핵실험")


def explain(event):
    """Stances other than reports need a speaker or a note."""
    event.citations.filter(note="").update(note="Said so.")


class Editor:
    """Makes edits; the same ones for the same chance over the same record."""

    def __init__(self, chance):
        self.chance = chance
        self.kinds = [name for name in dir(self) if name.startswith("edit_")]
        self.left = []

    def edit(self):
        """One edit of a random kind; none comes again before all have come."""
        if not self.left:
            self.left = self.chance.sample(self.kinds, len(self.kinds))
        name = self.left.pop()
        getattr(self, name)()
        return name

    def any(self, model, **wanted):
        rows = list(model.objects.filter(**wanted).order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def words(self):
        return " ".join(self.chance.choices(WORDS, k=3))

    def save(self, event):
        """As the form does: the fields and rows are written, then the event is settled."""
        with transaction.atomic():
            explain(event)
            events.settle(event, by=None, before=event.status)

    def public(self):
        return self.any(Event, status="published")

    # --- Events -----------------------------------------------------------------------------

    def edit_text(self):
        if event := self.public():
            event.title, event.summary = self.words(), self.words()
            self.save(event)

    def edit_date(self):
        if event := self.public():
            event.date = self.chance.choice(DATES)
            event.day_order = self.chance.choice([0, 0, -2, 3])
            self.save(event)

    def edit_columns(self):
        if event := self.public():
            event.category = self.any(Category)
            event.place = self.any(Place)
            event.importance = self.chance.choice(Importance.values)
            event.topics.set(self.chance.sample(list(Topic.objects.order_by("pk")), 1))
            self.save(event)

    def edit_roles(self):
        if event := self.public():
            event.participations.all().delete()
            roles = self.chance.sample(list(Role.values), 2)
            for role in roles:
                Participation.objects.create(event=event, actor=self.any(Actor), role=role)
            self.save(event)

    def edit_citations(self):
        if event := self.public():
            Citation.objects.get_or_create(
                event=event,
                source=self.any(Source),
                stance=self.chance.choice(Stance.values),
                speaker=self.chance.choice([None, self.any(Actor)]),
            )
            spare = event.citations.filter(figures__isnull=True).order_by("pk")
            if event.citations.count() > 3 and (one := spare.first()):
                one.delete()
            self.save(event)

    def edit_figures(self):
        if event := self.public():
            event.figures.all().delete()
            actor, cited = self.chance.choice(
                [(self.any(Actor), None), (None, event.citations.first())]
            )
            for metric in self.chance.sample(list(Metric.objects.order_by("pk")), 1):
                Figure.objects.create(
                    event=event,
                    metric=metric,
                    best=100,
                    subject="Soldiers",
                    attributed_to=actor,
                    citation=cited,
                    as_of=self.chance.choice(PUBLISHED),
                )
            self.save(event)

    def edit_new(self):
        make_event(
            title=self.words(),
            date=self.chance.choice(DATES),
            actors=[self.any(Actor)],
            place=self.any(Place),
            sources=[self.any(Source), make_source(title=self.words())],
        )

    def edit_withdraw(self):
        if event := self.public():
            events.withdraw([event], by=None, reason="It was not so.")

    def edit_publish(self):
        for status in ("withdrawn", "draft"):
            event = self.any(Event, status=status, citations__isnull=False, revises=None)
            if event is not None and event.category_id is not None:
                explain(event)
                events.publish([event], by=None)

    def edit_begin_changes(self):
        """Nobody but the desk may see them."""
        if event := self.public():
            copy = copies.begin(event, by=None)
            copy.title, copy.date = self.words(), self.chance.choice(DATES)
            copy.save()
            Participation.objects.get_or_create(event=copy, actor=self.any(Actor), role="host")
            noted(copy)

    def edit_publish_changes(self):
        if copy := self.any(Event, revises__isnull=False, revises__status="published"):
            explain(copy)
            kind = self.chance.choice(versions.ASKED)
            try:
                copies.publish(copy, by=None, release=Release(kind, "So it was."))
            except StepRefused:  # the event was published anew meanwhile
                events.delete(copy)

    def edit_redact(self):
        if version := self.any(Version, redacted_at=None):
            with suppress(versions.RedactionRefused):  # it is what the event says now
                versions.redact([version], reason="A name stood there.")

    def edit_delete(self):
        if event := self.any(Event, status="draft", published_at=None):
            events.delete(event)

    def edit_merge(self):
        keep, gone = self.public(), self.public()
        if keep is not None and keep != gone:
            explain(keep)
            explain(gone)
            with suppress(StepRefused):  # there are changes to one of them
                events.merge(keep, gone, by=None)

    # --- Shared records ---------------------------------------------------------------------

    def edit_actor_name(self):
        actor = self.any(Actor)
        actor.name = f"{self.words()} {self.chance.randrange(1000)}"
        actor.slug = f"renamed-{self.chance.randrange(10**9)}"
        things.store(actor)

    def edit_alias(self):
        actor, publisher = self.any(Actor), self.any(Publisher)
        ActorName.objects.get_or_create(actor=actor, name=self.words(), language="en")
        noted(actor)
        PublisherName.objects.get_or_create(publisher=publisher, name=self.words(), language="en")
        noted(publisher)

    def edit_parent(self):
        actor, parent = self.any(Actor), self.any(Actor)
        if actor != parent and actor not in parent.ancestors():
            actor.parent = self.chance.choice([None, parent])
            things.store(actor)

    def edit_merge_actors(self):
        keep, gone = self.any(Actor), self.any(Actor)
        related = {keep, *keep.ancestors()} & {gone, *gone.ancestors()}
        if keep != gone and not related and Actor.objects.count() > 5:
            merging.merge_actors(keep, gone)

    def edit_new_actor(self):
        make_actor(self.words(), parent=self.any(Actor))

    def edit_source(self):
        source = self.any(Source)
        source.title, source.language = self.words(), self.chance.choice(["en", "ko", "ja"])
        source.publisher = self.any(Publisher)
        source.agency = self.chance.choice([None, self.any(Publisher)])
        source.published = self.chance.choice(PUBLISHED)
        source.archive_url = self.chance.choice(["", "https://archive.example.org/2"])
        things.store(source)

    def edit_merge_sources(self):
        keep, gone = self.any(Source), self.any(Source)
        if keep != gone and Source.objects.count() > 5:
            merging.merge_sources(keep, gone)

    def edit_publisher(self):
        publisher = self.any(Publisher)
        publisher.name = self.words()
        things.store(publisher)

    def edit_place(self):
        place, parent = self.any(Place), self.any(Place)
        place.name, place.country = self.words(), self.chance.choice(["", "KP", "KR", "RU"])
        if place != parent and place not in parent.ancestors():
            place.parent = self.chance.choice([None, parent])
        things.store(place)

    def edit_category(self):
        category = self.any(Category)
        category.name, category.family = self.words(), self.chance.choice(Family.values)
        things.store(category)

    def edit_topic(self):
        topic = self.any(Topic)
        topic.name = self.words()
        things.store(topic)

    def edit_told(self):
        """Somebody says what a thing is called in another language, or takes that back."""
        model = self.chance.choice([Category, Place, Topic])
        thing, kind = self.any(model), model._meta.model_name
        language = self.chance.choice(["ko", "ja"])
        term = Term.objects.filter(kind=kind, original=thing.name, language=language).first()
        if term is not None and self.chance.random() < 0.5:
            things.remove(term)
            return
        term = term or Term(kind=kind, original=thing.name, language=language)
        term.words = self.words()
        things.store(term)

    def edit_unseen_thing(self):
        """A thing that nothing holds is made and removed again."""
        actor = make_actor(parent=self.any(Actor))
        things.remove(actor)
        assert not Actor.objects.filter(pk=actor.pk).exists()

    def edit_nothing(self):
        """An entry in the log for an event that is as it was."""
        if event := self.public():
            noted(event, ChangeKind.CHANGED)
