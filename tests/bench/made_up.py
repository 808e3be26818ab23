"""A made-up record of any size, the same for the same seed, loaded in bulk.

    DATA_DIR=/somewhere python -m tests.bench.made_up --events 1000000 --seed 1

fills the configured database (DATA_DIR or DATABASE_URL), which must be migrated and hold no event.
Shapes follow a large real record: 2.5 actors an event of 5,000 in a tree of four levels, 3 topics
of 500, 3 citations of as many sources as events, 2,000 places in 200 countries, years from 1900 to
2026 that thicken towards today, 15 % of the dates known to a year and 25 % to a month, 38 words of
text of a vocabulary of 20,000 with Zipf's frequencies, one word in fifty Korean. Three events in a
hundred aren't public. Dates are drawn without regard to the primary key.
"""

import argparse
import os
import time
from contextlib import contextmanager
from functools import cache

import numpy as np

CHUNK = 20_000
ACTORS, STATES, BODIES, OFFICES = 5_000, 200, 1_000, 1_000
PLACES, COUNTRIES, PROVINCES = 2_000, 200, 400
PUBLISHERS, AGENCIES = 1_500, 60
CATEGORIES, TOPICS, METRICS = 20, 500, 40
VOCABULARY = 20_000
DECADES = 13
LANGUAGES = (
    *("en", "ko", "ru", "uk", "ja", "zh", "fr", "de", "es", "ar"),
    *("fa", "pt", "it", "pl", "tr", "vi", "th", "id", "sv", "nl"),
)
LABELS = {
    "confirmed": 0.3,
    "reported": 0.3,
    "single_source": 0.2,
    "claimed": 0.1,
    "disputed": 0.08,
    "disproved": 0.005,
    "unverified": 0.015,
}
STANCES = {
    "reports": 0.88,
    "confirms": 0.04,
    "denies": 0.025,
    "disputes": 0.015,
    "analyses": 0.015,
    "background": 0.015,
    "corrects": 0.007,
    "retracts": 0.003,
}
SPOKEN = ("confirms", "denies", "disputes")
PLACE_KINDS = ("country", "province", "city")
NOW = np.datetime64("2026-11-01T00:00:00")
TWO_YEARS = 2 * 365 * 24 * 3600
BAR = " | "
"""What stands between the search tokens of two texts."""


class Draw:
    """Chance from one seed, and the shapes that everything here is drawn in."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def zipf(self, size, of, power=1.0, shift=2.0):
        """Numbers below ``of``, the small ones often."""
        return np.searchsorted(_summed(of, power, shift), self.rng.random(size), side="right")

    def share(self, count, part):
        return self.rng.random(count) < part

    def among(self, weights, count):
        """Keys of ``weights``, which sum up to 1."""
        return self.rng.choice(list(weights), count, p=list(weights.values()))

    def owned(self, owners, mean):
        """How often each owner has one: (owner, owner, ...) with at least one of each."""
        return np.repeat(np.arange(owners), 1 + self.rng.poisson(mean - 1, owners))

    def public_ids(self, count):
        letters = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
        drawn = self.rng.integers(0, 32, (count * 11 // 10 + 9, 8))
        unique = np.unique(letters[drawn].view("U8").ravel())
        return self.rng.permutation(unique)[:count]

    def hangul(self, syllables):
        return "".join(chr(0xAC00 + int(each)) for each in self.rng.integers(0, 11_172, syllables))


@cache
def _summed(of, power, shift):
    weights = (np.arange(of) + 1 + shift) ** -power
    return np.cumsum(weights / weights.sum())[:-1]


def once(*columns):
    """Where each combination comes first, in the order given; later ones are left out."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max()) + 1) + column
    first = np.unique(key, return_index=True)[1]
    first.sort()
    return first


def places_in_row(owner):
    """0, 1, 2, ... within each run of one owner."""
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    return np.arange(len(owner)) - np.repeat(starts, np.diff(np.r_[starts, len(owner)]))


def either(condition, values, other=None):
    return [value if yes else other for yes, value in zip(condition, values, strict=True)]


class Words:
    """The vocabulary: words, and of each once its search tokens and its part of a slug."""

    def __init__(self, draw):
        from timeline import text

        self._draw = draw
        syllables = [first + second for first in "bcdfghjklmnprstvwz" for second in "aeiou"]
        made = {}
        while len(made) < VOCABULARY:
            # One in fifty is Korean, the commonest of them the 26th word.
            if len(made) % 50 == 25:
                made[draw.hangul(2 + len(made) % 2)] = None
            else:
                picked = draw.rng.integers(0, len(syllables), draw.rng.integers(2, 5))
                made["".join(syllables[each] for each in picked)] = None
        self.written = np.array(list(made), object)
        self.tokens = np.array([" ".join(text.tokens(each)) for each in made], object)
        self.slugs = np.array([text.slug(each) for each in made], object)

    def picked(self, count, words):
        return self._draw.zipf((count, words), VOCABULARY, shift=5.0)

    def sentences(self, picked, end=""):
        return [" ".join(row).capitalize() + end for row in self.written[picked]]

    def searched(self, *texts):
        """The search tokens of texts, given as their picked words."""
        rows = [[" ".join(row) for row in self.tokens[picked]] for picked in texts]
        return [f" {BAR.join(row)} " for row in zip(*rows, strict=True)]

    def addresses(self, picked):
        return ["-".join(row)[:80].strip("-") for row in self.slugs[picked]]


class Dates:
    """EDTF texts, and of each the derived columns; every text is read once."""

    def __init__(self, draw):
        self._draw, self._known = draw, {}

    def drawn(self, count):
        """``count`` dates as (EDTF, earliest, latest, sort date, precision)."""
        rng = self._draw.rng
        years = (2027 - rng.exponential(22, count)).astype(int)
        years = np.where(years < 1900, rng.integers(1900, 2027, count), years)
        first = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
        days = first + (rng.random(count) * np.where(years == 2026, 300, 365)).astype(int)
        spans = days + rng.integers(100, 3_000, count)
        day, last = np.datetime_as_string(days), np.datetime_as_string(spans)
        kinds = np.searchsorted([0.15, 0.4, 0.43, 0.435, 0.44], rng.random(count), side="right")
        forms = (
            lambda at: day[at][:4],
            lambda at: day[at][:7],
            lambda at: f"{day[at]}/{last[at]}",
            lambda at: f"{day[at]}/..",
            lambda at: f"{day[at][:3]}X",
            lambda at: str(day[at]),
        )
        return [self._read(str(forms[kind](at))) for at, kind in enumerate(kinds.tolist())]

    def _read(self, edtf):
        from timeline import dates

        if edtf not in self._known:
            date = dates.parse(edtf)
            bounds = (date.earliest, date.latest, date.sort_date)
            days = [each.isoformat() for each in bounds]
            self._known[edtf] = (date.edtf, *days, date.precision.value)
        return self._known[edtf]


class Tables:
    """Puts columns into the tables of models: lists, or one value for every row.

    Columns that aren't given hold their model's default; keys count on from 1.
    """

    def __init__(self, connection):
        self._connection, self._next = connection, {}

    def put(self, model, count, **given):
        """Return the first of the new keys."""
        start = self._next.get(model, 1)
        self._next[model] = start + count
        columns = []
        for field in model._meta.concrete_fields:
            value = given.pop(field.column, None)
            if field.primary_key:
                columns.append(range(start, start + count))
            elif isinstance(value, np.ndarray):
                columns.append(value.tolist())
            elif isinstance(value, list):
                columns.append(value)
            else:
                default = field.get_default() if value is None else value
                columns.append([field.get_db_prep_save(default, self._connection)] * count)
        if given:
            raise ValueError(f"{model.__name__} has no column {', '.join(given)}.")
        names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        self._insert(f"{model._meta.db_table} ({names})", zip(*columns, strict=True), len(columns))
        return start

    def _insert(self, table, rows, width):
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * width)
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def points():
    """Longitude and latitude of each place, spread over the earth."""
    rng = np.random.default_rng(PLACES)
    latitudes = np.degrees(np.arcsin(rng.uniform(-0.8, 0.9, PLACES)))
    return {
        "longitude": rng.uniform(-180, 180, PLACES).round(5).tolist(),
        "latitude": latitudes.round(5).tolist(),
    }


class Record:
    """Draws a record and puts it into the tables: first the things, then events by chunks."""

    def __init__(self, events, seed, tables):
        self.draw, self.tables, self.events = Draw(seed), tables, events
        self.words, self.dates = Words(self.draw), Dates(self.draw)
        self.event_ids, self.source_ids = (self.draw.public_ids(events) for _ in range(2))
        # Cities, provinces and countries alike are common or rare.
        self.place_ranks = self.draw.rng.permutation(PLACES)

    # --- Things -----------------------------------------------------------------------------

    def _named(self, model, count, **columns):
        from timeline import text

        picked = self.words.picked(count, 2)
        names = [
            f"{name.title()} {at}" for at, name in enumerate(self.words.sentences(picked), start=1)
        ]
        self.tables.put(
            model,
            count,
            name=names,
            slug=[text.slug(name) for name in names],
            folded=[text.fold(name) for name in names],
            **columns,
        )

    def put_things(self):
        from timeline.models import Category, Metric, Publisher, Topic
        from timeline.models.choices import Family, PublisherKind, Shape

        self._put_actors()
        self._put_places()
        self._named(
            Category,
            CATEGORIES,
            order=list(range(CATEGORIES)),
            family=[Family.values[at % len(Family.values)] for at in range(CATEGORIES)],
            shape=[Shape.values[at % len(Shape.values)] for at in range(CATEGORIES)],
        )
        self._named(Topic, TOPICS)
        others = PublisherKind.values[1:]
        kinds = ["wire" if at < AGENCIES else others[at % len(others)] for at in range(PUBLISHERS)]
        spoken = self.draw.zipf(PUBLISHERS, len(LANGUAGES), shift=0.0)
        self._named(Publisher, PUBLISHERS, kind=kinds, language=[LANGUAGES[at] for at in spoken])
        self.tables.put(
            Metric,
            METRICS,
            code=[f"metric-{at + 1}" for at in range(METRICS)],
            label=self.words.sentences(self.words.picked(METRICS, 2)),
            order=list(range(METRICS)),
            headline=[at < 6 for at in range(METRICS)],
        )

    def _put_actors(self):
        """States, bodies below them, offices below these, and persons below any of the three."""
        from timeline import text
        from timeline.models import Actor, ActorName
        from timeline.models.choices import ActorKind

        rng, above = self.draw.rng, STATES + BODIES
        bodies = [each for each in ActorKind.values if each not in ("state", "person")]
        persons = ACTORS - above - OFFICES
        parents = np.r_[
            rng.integers(0, STATES, BODIES),
            rng.integers(STATES, above, OFFICES),
            rng.integers(0, above + OFFICES, persons),
        ]
        countries = _countries(STATES)
        for parent in parents:
            countries.append(countries[parent])
        self._named(
            Actor,
            ACTORS,
            kind=["state"] * STATES
            + [bodies[at % len(bodies)] for at in range(BODIES + OFFICES)]
            + ["person"] * persons,
            country=countries,
            parent_id=[None] * STATES + (parents + 1).tolist(),
        )
        names = [self.draw.hangul(3) for _ in range(ACTORS)]
        self.tables.put(
            ActorName,
            ACTORS,
            actor_id=list(range(1, ACTORS + 1)),
            name=names,
            folded=[text.fold(name) for name in names],
            language="ko",
        )

    def _put_places(self):
        from timeline.models import Place

        rng, provinces = self.draw.rng, COUNTRIES + PROVINCES
        parents = np.r_[
            np.arange(PROVINCES) % COUNTRIES,
            rng.integers(COUNTRIES, provinces, PLACES - provinces),
        ]
        countries = _countries(COUNTRIES)
        for parent in parents:
            countries.append(countries[parent])
        self.place_kinds = np.repeat(
            PLACE_KINDS, [COUNTRIES, PROVINCES, PLACES - provinces]
        ).tolist()
        self._named(
            Place,
            PLACES,
            kind=self.place_kinds,
            country=countries,
            parent_id=[None] * COUNTRIES + (parents + 1).tolist(),
            **points(),
        )

    # --- Events and what hangs on them ------------------------------------------------------

    def put_events(self):
        for start in range(0, self.events, CHUNK):
            self._put_chunk(start, min(CHUNK, self.events - start))

    def _put_chunk(self, start, count):
        dates = self.dates.drawn(count)
        event = self._put_texts(start, count, dates)
        source = self._put_sources(start, count, dates)
        self._put_participations(event, count, dates)
        self._put_topics(event, count)
        owner, citation = self._put_citations(event, source, count)
        firsts = citation + np.flatnonzero(places_in_row(owner) == 0)
        self._put_figures(event, count, dates, firsts)

    def _put_texts(self, start, count, dates):
        from timeline.models import Event

        draw, words = self.draw, self.words
        title, summary = words.picked(count, 8), words.picked(count, 30)
        titles = words.sentences(title)
        importance = draw.among({"key": 0.03, "normal": 0.77, "minor": 0.2}, count)
        labelled = (importance == "key") & draw.share(count, 0.1)
        status = draw.among({"published": 0.97, "draft": 0.02, "withdrawn": 0.01}, count)
        was_public, withdrawn = status != "draft", status == "withdrawn"
        ages = draw.rng.integers(0, TWO_YEARS, count)
        # Created up to a week before it is published, revised or withdrawn at some hour since.
        published = _moments(NOW - ages)
        created = _moments(NOW - ages - draw.rng.integers(0, 7 * 24 * 3600, count))
        later = _moments(NOW - (ages * draw.rng.random(count)).astype(int))
        revised = was_public & ~withdrawn & draw.share(count, 0.2)
        place = self.place_ranks[draw.zipf(count, PLACES, power=0.8)].tolist()
        placed = draw.share(count, 0.85)
        edtf, earliest, latest, sort_date, precision = _columns(dates)
        precise = {"country": "country", "province": "province", "city": "settlement"}
        return self.tables.put(
            Event,
            count,
            public_id=self.event_ids[start : start + count],
            slug=words.addresses(title),
            title=titles,
            label=either(labelled, (each.split(" ")[0] for each in titles), ""),
            summary=words.sentences(summary, "."),
            search_tokens=words.searched(title, summary),
            date=edtf,
            earliest=earliest,
            latest=latest,
            sort_date=sort_date,
            precision=precision,
            category_id=draw.zipf(count, CATEGORIES, power=0.7) + 1,
            place_id=either(placed, (each + 1 for each in place)),
            place_precision=either(
                placed, (precise[self.place_kinds[each]] for each in place), "unknown"
            ),
            importance=importance,
            status=status,
            published_at=either(was_public, published),
            revised_at=either(revised, later),
            version=either(was_public, [1] * count),
            withdrawn_at=either(withdrawn, later),
            withdrawal_reason=either(withdrawn, ["Made up."] * count, ""),
            verification=draw.among(LABELS, count),
            lock=1,
            created_at=created,
            updated_at=published,
        )

    def _put_sources(self, start, count, dates):
        """As many sources as events, each published within three days of its event."""
        from timeline.models import Source

        draw = self.draw
        title = self.words.picked(count, 8)
        days = np.array([each[3] for each in dates], "datetime64[D]")
        days = np.minimum(days + draw.rng.integers(0, 4, count), NOW.astype("datetime64[D]"))
        self.source_days = days
        published = np.datetime_as_string(days).tolist()
        publisher, agency = draw.zipf(count, PUBLISHERS), draw.zipf(count, AGENCIES)
        carried = draw.share(count, 0.15) & (publisher != agency)
        archived = draw.share(count, 0.3)
        numbers = range(start + 1, start + count + 1)
        links = [f"https://example.org/{each}" for each in numbers]
        return self.tables.put(
            Source,
            count,
            public_id=self.source_ids[start : start + count],
            url=links,
            canonical_url=links,
            title=self.words.sentences(title),
            search_tokens=self.words.searched(title),
            publisher_id=publisher + 1,
            agency_id=either(carried, (agency + 1).tolist()),
            published=published,
            published_earliest=published,
            published_latest=published,
            language=[LANGUAGES[each] for each in draw.zipf(count, len(LANGUAGES), shift=0.0)],
            archive_url=either(
                archived, (f"https://archive.example.org/{each}" for each in numbers), ""
            ),
            archived_at=either(archived, _moments(NOW - draw.rng.integers(0, TWO_YEARS, count))),
        )

    def _put_participations(self, event, count, dates):
        """Half of them by actors who belong to the decade."""
        from timeline.models import Participation
        from timeline.models.choices import Role

        draw = self.draw
        owner = draw.owned(count, 2.44)
        actor = draw.zipf(len(owner), ACTORS)
        decade = np.array([int(each[3][:3]) for each in dates])[owner] % DECADES
        tied = draw.share(len(owner), 0.5)
        actor[tied] = (actor[tied] // DECADES * DECADES + decade[tied]) % ACTORS
        role = draw.zipf(len(owner), len(Role.values), shift=0.0)
        kept = once(owner, actor, role)
        owner, actor, role = owner[kept], actor[kept], role[kept]
        self.tables.put(
            Participation,
            len(owner),
            event_id=owner + event,
            actor_id=actor + 1,
            role=[Role.values[each] for each in role],
            alleged=draw.share(len(owner), 0.03),
            order=places_in_row(owner),
        )

    def _put_topics(self, event, count):
        from timeline.models import Event

        owner = self.draw.owned(count, 3)
        topic = self.draw.zipf(len(owner), TOPICS, power=0.8)
        kept = once(owner, topic)
        self.tables.put(
            Event.topics.through,
            len(kept),
            event_id=owner[kept] + event,
            topic_id=topic[kept] + 1,
        )

    def _put_citations(self, event, source, count):
        """The event's own source first, then others of the chunk."""
        from timeline.models import Citation

        draw = self.draw
        owner = draw.owned(count, 3)
        own = places_in_row(owner) == 0
        cited = np.where(own, owner, draw.rng.integers(0, count, len(owner)))
        kept = once(owner, cited)
        owner, cited = owner[kept], cited[kept]
        stance = draw.among(STANCES, len(owner))
        speaker = (draw.zipf(len(owner), ACTORS) + 1).tolist()
        first = self.tables.put(
            Citation,
            len(owner),
            event_id=owner + event,
            source_id=cited + source,
            stance=stance,
            speaker_id=either(np.isin(stance, SPOKEN), speaker),
            order=places_in_row(owner),
        )
        self._put_steps(owner + event, self.source_days[cited])
        return owner, first

    def _put_steps(self, event, days):
        """A label from the day of an event's first source on, another from that of its last."""
        from timeline.models import VerificationStep

        starts = np.flatnonzero(places_in_row(event) == 0)
        first, last = np.minimum.reduceat(days, starts), np.maximum.reduceat(days, starts)
        later = first < last
        of, day = np.r_[event[starts], event[starts][later]], np.r_[first, last[later]]
        labels = list(LABELS)
        self.tables.put(
            VerificationStep,
            len(of),
            event_id=of,
            day=np.datetime_as_string(day).tolist(),
            label=[labels[(key + at) % len(labels)] for at, key in enumerate(of.tolist())],
        )

    def _put_figures(self, event, count, dates, citations):
        """A number in 15 % of the events, given by an actor or by the event's first source."""
        from timeline.models import Figure

        draw = self.draw
        having = np.flatnonzero(draw.share(count, 0.15))
        given = draw.share(len(having), 0.5)
        qualifier = draw.among(
            {"exact": 0.4, "about": 0.4, "at_least": 0.15, "up_to": 0.05}, len(having)
        )
        values = draw.rng.integers(1, 20_000, len(having)).tolist()
        low, high = qualifier == "at_least", qualifier == "up_to"
        self.tables.put(
            Figure,
            len(having),
            event_id=having + event,
            metric_id=draw.zipf(len(having), METRICS) + 1,
            subject=self.words.sentences(self.words.picked(len(having), 2)),
            low=either(low, values),
            best=either(~(low | high), values),
            high=either(high, values),
            qualifier=qualifier,
            as_of=[dates[each][3] for each in having],
            as_of_latest=[dates[each][3] for each in having],
            attributed_to_id=either(given, (draw.zipf(len(having), ACTORS) + 1).tolist()),
            citation_id=either(~given, citations[having].tolist()),
        )


def _columns(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def _countries(count):
    return [chr(65 + at // 26) + chr(65 + at % 26) for at in range(count)]


def _moments(moments):
    """As both databases read a moment of UTC."""
    return [f"{each[:10]} {each[11:]}" for each in np.datetime_as_string(moments).tolist()]


# --- Loading --------------------------------------------------------------------------------


@contextmanager
def _fast(connection):
    """SQLite in a hurry: a database that breaks here is made anew. Not within a transaction."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    hurried = {"synchronous": "OFF", "cache_size": -1_000_000}
    with connection.cursor() as cursor:
        before = {}
        for name, value in hurried.items():
            before[name] = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            cursor.execute(f"PRAGMA {name}={value}")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name}={value}")
        # Everything lies in the log as yet.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def _words_afterwards(connection):
    """The indexes of words are taken away and made of the full tables, which is far quicker."""
    from timeline.index import words

    words.remove(connection)
    yield
    if connection.vendor == "postgresql":
        # PostgreSQL changes no table whose foreign keys are still to be checked.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    words.install(connection)


def fill(events: int, seed: int = 1) -> None:
    """Fill the database. Exits with a sentence if it holds an event already."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from timeline.editing import changes
    from timeline.models import Event
    from timeline.models.choices import ChangeKind

    if Event.objects.exists():
        raise SystemExit("This database holds events. Choose another DATA_DIR or DATABASE_URL.")
    with _fast(connection), transaction.atomic():
        with _words_afterwards(connection):
            record = Record(events, seed, Tables(connection))
            record.put_things()
            record.put_events()
            models = apps.get_app_config("timeline").get_models(include_auto_created=True)
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
                    cursor.execute(sql)
        # So that one made-up record is told from another.
        changes.note(ChangeKind.CREATED, Event.objects.order_by("pk")[seed % events])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill an empty database with a made-up record.")
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    started = time.perf_counter()
    fill(given.events, given.seed)
    print(f"{given.events:,} events in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
