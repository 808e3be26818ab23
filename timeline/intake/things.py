"""What drafts refer to (actors, places, publishers, sources and so on): found, or to be made.

The shared records are read once, in a number of queries that doesn't depend on the rows; after
that every reference is looked up in memory. A thing that isn't there becomes an unsaved one that
later rows find too. What the record knows is used as it is: a file never changes it, and where it
says something else a warning says so.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from timeline import text
from timeline.editing import bulk
from timeline.intake.among import among
from timeline.intake.cleaning import clean
from timeline.intake.drafts import (
    ActorDraft,
    CategoryDraft,
    EventDraft,
    MetricDraft,
    NameDraft,
    PlaceDraft,
    Problem,
    PublisherDraft,
    SourceDraft,
)
from timeline.intake.tables import shown
from timeline.models import (
    Actor,
    ActorName,
    Category,
    Metric,
    Place,
    Publisher,
    PublisherDomain,
    PublisherName,
    SlugRedirect,
    Source,
    Topic,
)
from timeline.models.choices import ActorKind, SourceKind
from timeline.models.fields import drawn_public_ids
from timeline.models.named import MAX_DEPTH

Thing = TypeVar("Thing", bound=models.Model)


class Refused(Exception):
    """A reference that can't be found nor made. ``problems`` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


class _Kind:
    """The things of one model, by slug, old slug and folded name."""

    def __init__(self, model: type[Any], rows: Iterable[Any]) -> None:
        self.model = model
        self.by_slug: dict[str, Any] = {}
        self.by_key: dict[int, Any] = {}
        self.by_name: defaultdict[str, list[Any]] = defaultdict(list)
        for row in rows:
            self.by_key[row.pk] = row
            self.add(row, row.folded)
        self.moved = dict(
            SlugRedirect.objects.filter(kind=model._meta.model_name).values_list(
                "old_slug", "object_id"
            )
        )

    def add(self, thing: Any, folded: str) -> None:
        self.by_slug[thing.slug] = thing
        self.called(thing, folded)

    def called(self, thing: Any, folded: str) -> None:
        if all(each is not thing for each in self.by_name[folded]):
            self.by_name[folded].append(thing)

    def with_slug(self, slug: str) -> Any:
        if slug in self.by_slug:
            return self.by_slug[slug]
        return self.by_key.get(self.moved.get(slug, 0))

    def free_slug(self, name: str) -> str:
        """The slug of the name, or of its hash where no letter of it can be written in Latin."""
        base = text.slug(name)[:72].strip("-")
        if not base:
            digest = hashlib.sha256(text.fold(name).encode()).hexdigest()
            base = f"{self.model._meta.model_name}-{digest[:8]}"
        number, slug = 2, base
        while slug in self.by_slug or slug in self.moved:
            slug, number = f"{base}-{number}", number + 1
        return slug


class Things:
    """Finds or makes what drafts refer to. ``fresh`` are the unsaved ones in an order in which
    they can be stored; ``parts`` the names and domains of each, ``below`` what each rests on."""

    def __init__(self, drafts: Sequence[EventDraft]) -> None:
        self.fresh: dict[int, models.Model] = {}
        self.parts: defaultdict[int, list[models.Model]] = defaultdict(list)
        self.below: defaultdict[int, list[models.Model]] = defaultdict(list)
        self.warnings: list[Problem] = []
        self._row = 0
        self._known: dict[Any, Any] = {}
        self._totals: set[str] = set()
        self._told_metrics = {
            each.metric.code: each.metric for draft in drafts for each in draft.figures
        }
        self._read_named()
        self._read_sources(drafts)

    # --- What is there ----------------------------------------------------------------------

    def _read_named(self) -> None:
        self.actors = _Kind(Actor, Actor.objects.order_by("pk"))
        for actor in self.actors.by_key.values():
            if actor.parent_id is not None:
                actor.parent = self.actors.by_key[actor.parent_id]
        for key, folded in ActorName.objects.order_by("pk").values_list("actor", "folded"):
            self.actors.called(self.actors.by_key[key], folded)
        self.places = _Kind(Place, Place.objects.order_by("pk"))
        for place in self.places.by_key.values():
            if place.parent_id is not None:
                place.parent = self.places.by_key[place.parent_id]
        self.categories = _Kind(Category, Category.objects.order_by("pk"))
        self.topics = _Kind(Topic, Topic.objects.order_by("pk"))
        self.publishers = _Kind(Publisher, Publisher.objects.order_by("pk"))
        names = PublisherName.objects.order_by("pk")
        for key, folded in names.values_list("publisher", "folded"):
            self.publishers.called(self.publishers.by_key[key], folded)
        self._domains: dict[str, Publisher] = {}
        rows = PublisherDomain.objects.order_by("publisher__folded", "publisher")
        for key, domain in rows.values_list("publisher", "domain"):
            self._domains.setdefault(domain, self.publishers.by_key[key])
        self._metrics = {metric.code: metric for metric in Metric.objects.all()}

    def _read_merged(self, ids: set[str]) -> None:
        """A source that was merged is the one that it was merged into."""
        redirects = among(SlugRedirect.objects.filter(kind="source"), "old_slug", ids)
        kept = dict(redirects.values_list("old_slug", "object_id"))
        rows = Source.objects.select_related("publisher", "agency").in_bulk(kept.values())
        for public_id, key in kept.items():
            if key in rows:
                self._sources_by_id[public_id] = rows[key]

    def _read_sources(self, drafts: Sequence[EventDraft]) -> None:
        given = [each.source for draft in drafts for each in draft.citations]
        self._sources_by_id: dict[str, Source] = {}
        self._sources_by_link: dict[str, Source] = {}
        self._sources_by_reference: dict[tuple[str, Any], Source] = {}
        rows = Source.objects.select_related("publisher", "agency")
        ids = {each.public_id for each in given if each.public_id}
        for source in among(rows, "public_id", ids):
            self._sources_by_id[source.public_id] = source
        self._read_merged(ids - self._sources_by_id.keys())
        links = {link for each in given if each.url and (link := canonical(each.url))}
        for source in among(rows, "canonical_url", links):
            self._sources_by_link[source.canonical_url or ""] = source
        references = {
            text.clean_line(each.reference) for each in given if each.reference and not each.url
        }
        for source in among(rows.filter(url=""), "reference", references).order_by("-pk"):
            key = (source.reference, source.publisher.slug)
            self._sources_by_reference[key] = source

    # --- Found or made ----------------------------------------------------------------------

    def actor(self, draft: ActorDraft, row: int) -> Actor:
        """Raises ``Refused``."""
        return self._once(draft, row, self._actor)

    def _actor(self, draft: ActorDraft) -> Actor:
        found = self._find(self.actors, draft)
        if found is not None:
            self._compare(found, draft, ("name", "kind", "country", "description", "wikidata_id"))
            return found  # type: ignore[no-any-return]
        parent = self.actor(draft.parent, self._row) if draft.parent else None
        actor = Actor(
            name=draft.name,
            kind=draft.kind or ActorKind.UNKNOWN,
            country=draft.country,
            description=draft.description,
            wikidata_id=draft.wikidata_id,
            parent=parent,
        )
        self._make(self.actors, actor, draft, "actor: ")
        self._rests_on(actor, parent)
        self._name(self.actors, actor, draft.names, lambda: ActorName(actor=actor), "actor: ")
        return actor

    def place(self, draft: PlaceDraft, row: int) -> Place:
        """Raises ``Refused``."""
        return self._once(draft, row, self._place)

    def _place(self, draft: PlaceDraft) -> Place:
        parent = self.place(draft.parent, self._row) if draft.parent else None

        def fits(place: Place) -> bool:
            if parent is not None:
                return place.parent is parent
            return not (draft.country and place.country and place.country != draft.country.upper())

        found = self._find(self.places, draft, fits)
        if found is not None:
            self._compare(found, draft, ("name", "kind", "country", "latitude", "longitude"))
            return found  # type: ignore[no-any-return]
        place = Place(
            name=draft.name,
            country=draft.country,
            latitude=draft.latitude,
            longitude=draft.longitude,
            dateline=draft.dateline,
            geonames_id=draft.geonames_id,
            parent=parent,
        )
        if draft.kind:
            place.kind = draft.kind
        self._make(self.places, place, draft, "place: ")
        self._rests_on(place, parent)
        return place

    def category(self, draft: CategoryDraft, row: int) -> Category:
        """Raises ``Refused``."""
        return self._once((Category, draft), row, lambda _draft: self._category(draft))

    def _category(self, draft: CategoryDraft) -> Category:
        found = self._find(self.categories, draft)
        if found is not None:
            self._compare(found, draft, ("name", "shape", "family", "description", "default_role"))
            return found  # type: ignore[no-any-return]
        category = Category(name=draft.name, description=draft.description, order=draft.order)
        for name in ("shape", "family", "default_role"):
            if getattr(draft, name):
                setattr(category, name, getattr(draft, name))
        self._make(self.categories, category, draft, "category: ")
        return category

    def topic(self, draft: CategoryDraft, row: int) -> Topic:
        """Raises ``Refused``."""
        return self._once((Topic, draft), row, lambda _draft: self._topic(draft))

    def _topic(self, draft: CategoryDraft) -> Topic:
        found = self._find(self.topics, draft)
        if found is not None:
            self._compare(found, draft, ("name",))
            return found  # type: ignore[no-any-return]
        topic = Topic(name=draft.name)
        self._make(self.topics, topic, draft, "topic: ")
        return topic

    def metric(self, draft: MetricDraft, row: int) -> Metric:
        """Raises ``Refused``."""
        return self._once(draft, row, self._metric)

    def _metric(self, draft: MetricDraft) -> Metric:
        found = self._metrics.get(draft.code)
        if found is not None:
            self._compare(found, draft, ("label", "unit"))
            return found
        metric = Metric(
            code=draft.code,
            label=draft.label or draft.code.replace("_", " ").capitalize(),
            unit=draft.unit,
            order=draft.order,
            headline=draft.headline,
        )
        self._check(metric, "metric: ")
        metric.adds_up_to = total = self._total(draft)
        self._keep(metric)
        self._rests_on(metric, total)
        self._metrics[draft.code] = metric
        return metric

    def _total(self, draft: MetricDraft) -> Metric | None:
        """The metric that this one adds up to, which doesn't add up to this one in turn."""
        self._totals.add(draft.code)
        try:
            if not draft.adds_up_to or draft.adds_up_to in self._totals:
                return None
            told = self._told_metrics.get(draft.adds_up_to, MetricDraft(draft.adds_up_to))
            return self.metric(told, self._row)
        finally:
            self._totals.discard(draft.code)

    def publisher(self, draft: PublisherDraft, row: int) -> Publisher:
        """Raises ``Refused``."""
        return self._once(draft, row, self._publisher)

    def _publisher(self, draft: PublisherDraft) -> Publisher:
        found = self._find(self.publishers, draft)
        if found is not None:
            self._compare(found, draft, ("name", "kind", "country", "language", "note"))
            return found  # type: ignore[no-any-return]
        owner = self.actor(draft.controlled_by, self._row) if draft.controlled_by else None
        publisher = Publisher(
            name=draft.name,
            country=draft.country,
            language=draft.language,
            note=draft.note,
            controlled_by=owner,
        )
        if draft.kind:
            publisher.kind = draft.kind
        self._make(self.publishers, publisher, draft, "publisher: ")
        self._rests_on(publisher, owner)
        self._name(
            self.publishers,
            publisher,
            draft.names,
            lambda: PublisherName(publisher=publisher),
            "publisher: ",
        )
        for domain in dict.fromkeys(draft.domains):
            self._domain(publisher, domain)
        return publisher

    def _domain(self, publisher: Publisher, domain: str) -> None:
        part = PublisherDomain(publisher=publisher, domain=domain)
        self._check(part, "publisher: ")
        part.clean()
        self._domains.setdefault(part.domain, publisher)
        self.parts[id(publisher)].append(part)

    def _of_link(self, url: str, row: int) -> Publisher:
        """The publisher whose domain is nearest to the link's host, or a new one of that host."""
        host = text.host(url).removeprefix("www.")
        parts = host.split(".")
        for start in range(max(len(parts) - 1, 1)):
            found = self._domains.get(".".join(parts[start:]))
            if found is not None:
                return found
        return self.publisher(PublisherDraft(host, domains=(host,)), row)

    def source(self, draft: SourceDraft, row: int) -> Source:
        """Raises ``Refused``."""
        return self._once(draft, row, self._source)

    def _source(self, draft: SourceDraft) -> Source:
        link = self._link(draft.url) if draft.url else None
        found = self._sources_by_id.get(draft.public_id) if draft.public_id else None
        if found is None and link is not None:
            found = self._sources_by_link.get(link)
        if found is not None:
            self._compare(found, draft, ("title", "url", "reference", "published", "authors"))
            return found
        publisher = self._publisher_of(draft)
        reference = (text.clean_line(draft.reference), publisher.slug)
        if link is None and (found := self._sources_by_reference.get(reference)) is not None:
            return found
        agency = self.publisher(draft.agency, self._row) if draft.agency else None
        source = bulk.make(
            Source,
            public_id=draft.public_id,
            url=draft.url,
            reference=draft.reference,
            title=draft.title,
            title_is_description=draft.title_is_description,
            publisher=publisher,
            agency=agency,
            authors=draft.authors,
            published=draft.published,
            accessed_on=draft.accessed_on,
            kind=draft.kind or SourceKind.NEWS,
            language=draft.language or publisher.language or "en",
            archive_url=draft.archive_url,
            archived_at=draft.archived_at,
        )
        if draft.link_state:
            source.link_state = draft.link_state
        if not source.url and not text.clean_line(source.reference):
            self._refuse("source: url", "", _("A source needs a link or, in print, a reference."))
        self._check(source, "source: ")
        self._keep(source)
        self._rests_on(source, publisher, agency)
        if source.public_id:
            self._sources_by_id[source.public_id] = source
        if link is not None:
            self._sources_by_link[link] = source
        else:
            self._sources_by_reference[reference] = source
        return source

    def _link(self, url: str) -> str:
        if link := canonical(url):
            return link
        try:
            return text.canonical_url(text.clean_url(url))
        except text.LinkError as error:
            raise Refused([Problem(self._row, "source: url", shown(url), str(error))]) from error

    def _publisher_of(self, draft: SourceDraft) -> Publisher:
        if draft.publisher is not None:
            return self.publisher(draft.publisher, self._row)
        if not draft.url:
            self._refuse(
                "source: publisher", draft.reference, _("Say who published a source without link.")
            )
        return self._of_link(draft.url, self._row)

    # --- Steps that they share --------------------------------------------------------------

    def _once(self, draft: Any, row: int, make: Callable[[Any], Thing]) -> Thing:
        """A refusal is as final as a find: the next row that asks gets it again, as its own."""
        before, self._row = self._row, row
        try:
            known = self._known.get(draft)
            if known is None:
                try:
                    known = make(draft)
                except Refused as refused:
                    known = refused
                self._known[draft] = known
        finally:
            self._row = before
        if isinstance(known, Refused):
            raise Refused(
                [Problem(row, each.column, each.value, each.sentence) for each in known.problems]
            )
        found: Thing = known
        return found

    def _find(
        self, kind: _Kind, draft: Any, fits: Callable[[Any], bool] = lambda _thing: True
    ) -> Any:
        if draft.slug:
            found = kind.with_slug(draft.slug)
            if found is not None:
                return found
        called = kind.by_name.get(text.fold(draft.name), [])
        if draft.slug:
            # Two things of one file that have slugs are two, whatever they are called.
            called = [each for each in called if each.pk is not None]
        found = [each for each in called if fits(each)]
        if len(found) > 1:
            exact = [each for each in found if each.name == draft.name] or found
            self._warn(
                kind.model._meta.model_name or "",
                draft.name,
                _("Several are called so; this one was taken: %(slug)s.") % {"slug": exact[0].slug},
            )
            return exact[0]
        return found[0] if found else None

    def _make(self, kind: _Kind, thing: Any, draft: Any, where: str) -> None:
        """Check the new thing and remember it."""
        thing.slug = draft.slug or kind.free_slug(draft.name)
        self._check(thing, where)
        self._check_depth(thing, where)
        self._keep(thing)
        kind.add(thing, text.fold(thing.name))

    def _check_depth(self, thing: Any, where: str) -> None:
        depth, above = 1, getattr(thing, "parent", None)
        while above is not None:
            depth, above = depth + 1, above.parent
        if depth > MAX_DEPTH:
            self._refuse(
                f"{where}parent",
                thing.name,
                _("That is more than six levels. Choose one nearer to the top."),
            )

    def _name(
        self,
        kind: _Kind,
        thing: Any,
        drafts: Sequence[NameDraft],
        make: Callable[[], Any],
        where: str,
    ) -> None:
        seen = set()
        for draft in drafts:
            part = make()
            part.name, part.language = draft.name, draft.language
            part.kind = draft.kind or "alias"
            self._check(part, where)
            if (part.name, part.language) in seen:
                continue
            seen.add((part.name, part.language))
            self.parts[id(thing)].append(part)
            kind.called(thing, text.fold(part.name))

    def _check(self, thing: models.Model, where: str) -> None:
        problems = clean(thing, self._row, where)
        if problems:
            raise Refused(problems)

    def _refuse(self, column: str, value: str, sentence: str) -> None:
        raise Refused([Problem(self._row, column, shown(value), sentence)])

    def _keep(self, thing: models.Model) -> None:
        self.fresh[id(thing)] = thing

    def _rests_on(self, thing: models.Model, *others: models.Model | None) -> None:
        self.below[id(thing)] += [each for each in others if each is not None]

    def _compare(self, found: Any, draft: Any, names: tuple[str, ...]) -> None:
        """Warn where a file that describes the thing says something else than the record."""
        if found.pk is None or not (getattr(draft, "slug", "") or getattr(draft, "public_id", "")):
            return
        for name in names:
            said, kept = getattr(draft, name), getattr(found, name)
            if said in ("", None) or said == kept:
                continue
            if isinstance(said, str) and text.clean_text(said) == str(kept):
                continue
            self._warn(
                f"{found._meta.model_name}: {name}",
                str(said),
                _("“%(thing)s” is in the record with another value, which stays: %(value)s.")
                % {"thing": shown(str(found)), "value": shown(str(kept))},
            )

    def _warn(self, column: str, value: str, sentence: str) -> None:
        self.warnings.append(Problem(self._row, column, shown(value), sentence, fatal=False))


@lru_cache(maxsize=65_536)
def canonical(url: str) -> str:
    """The canonical form of a link; empty for what is none."""
    try:
        return text.canonical_url(text.clean_url(url))
    except text.LinkError:
        return ""


def draw_public_ids(things: Iterable[Any], model: type[Any]) -> None:
    """Give each thing that has none a public id that nothing else has."""
    without = [thing for thing in things if not thing.public_id]
    drawn: dict[str, Any] = {}
    while len(drawn) < len(without):
        drawn |= dict.fromkeys(drawn_public_ids(len(without) - len(drawn)))
        if len(drawn) == len(without):
            rows = among(model._default_manager.all(), "public_id", drawn)
            for taken in rows.values_list("public_id", flat=True):
                del drawn[taken]
    for thing, public_id in zip(without, drawn, strict=True):
        thing.public_id = public_id
