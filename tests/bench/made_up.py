"""A made-up record of any size, the same for the same seed, loaded in bulk.

    DATA_DIR=/somewhere python -m tests.bench.made_up --events 1000000 --seed 1

fills the configured database, which must be migrated and hold no event. Shapes follow a large
real one: 2.5 actors an event of 5,000 in a tree, 3 topics of 500, 3 citations of as many sources
as events, 2,000 places in 200 countries, years from 1900 to 2026 that thicken towards today, a
third of the dates known to a month or year only, 38 words of text of a vocabulary of 20,000 with
Zipf's frequencies, some Korean. One event in 33 is no longer or not yet public.
"""

import argparse
import datetime as dt
import time
from collections.abc import Iterator

import numpy as np

CHUNK = 20_000
ACTORS, TOPICS, PUBLISHERS, AGENCIES = 5_000, 500, 1_500, 60
PLACES, COUNTRIES, CATEGORIES, METRICS, VOCABULARY = 2_000, 200, 20, 40, 20_000
LANGUAGES = [
    "en",
    "ko",
    "ru",
    "uk",
    "ja",
    "zh",
    "fr",
    "de",
    "es",
    "ar",
    "fa",
    "pt",
    "it",
    "pl",
    "tr",
    "vi",
    "th",
    "id",
    "sv",
    "nl",
]
CROCKFORD = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def zipf(rng, size, of, power=1.0):
    """Numbers below ``of``, the small ones often."""
    weights = 1 / np.arange(1, of + 1) ** power
    return rng.choice(of, size, p=weights / weights.sum())


class Record:
    """Draws the rows of every table as columns, a chunk of events at a time."""

    def __init__(self, events, seed):
        from timeline import text

        self.rng, self.events = np.random.default_rng(seed), events
        rng = self.rng
        syllables = [
            "ka",
            "re",
            "no",
            "mi",
            "su",
            "ta",
            "lo",
            "ve",
            "ri",
            "da",
            "po",
            "ne",
            "shi",
            "ga",
            "tu",
            "be",
        ]
        made = [
            "".join(syllables[i] for i in rng.integers(0, 16, rng.integers(2, 5)))
            for _ in range(VOCABULARY)
        ]
        for at in range(0, VOCABULARY, 50):
            made[at] = "".join(chr(0xAC00 + int(i)) for i in rng.integers(0, 11_000, 2))
        self.words = np.array(made, object)
        self.tokens = np.array([" ".join(text.tokens(word)) for word in made], object)
        # Keys in another order than dates.
        self.keys = rng.permutation(events) + 1
        self.public_ids = self._ids(events)
        self.source_ids = self._ids(events)

    def _ids(self, count):
        letters = CROCKFORD[self.rng.integers(0, 32, (count * 11 // 10 + 9, 8))]
        unique = np.unique(np.ascontiguousarray(letters).view("U8").ravel())
        return self.rng.permutation(unique)[:count]

    # --- Things -----------------------------------------------------------------------------

    def name(self, number, words=2):
        picked = self.words[self.rng.integers(0, VOCABULARY, words)]
        return " ".join(picked).title() + f" {number}"

    def named(self, count, **columns):
        from timeline import text

        for at in range(count):
            name = self.name(at)
            yield {
                "id": at + 1,
                "name": name,
                "slug": f"{text.slug(name)[:60] or 'thing'}-{at}",
                "folded": text.fold(name),
                **{key: value(at) for key, value in columns.items()},
            }

    def things(self):
        from timeline.models import Actor, ActorName, Category, Metric, Place, Publisher, Topic
        from timeline.models.choices import ActorKind, Family, PublisherKind, Shape

        rng = self.rng

        def above(at):
            """200 states, 1,000 bodies below them, the rest below bodies."""
            if at < 200:
                return None
            return int(rng.integers(1, 201 if at < 1_200 else 1_201))

        kinds = ["state", *ActorKind.values[1:]]
        yield (
            Actor,
            list(
                self.named(
                    ACTORS,
                    kind=lambda at: "state" if at < 200 else kinds[at % len(kinds)],
                    country=lambda _: "",
                    parent_id=above,
                    description=lambda _: "",
                    wikidata_id=lambda _: "",
                )
            ),
        )
        yield (
            ActorName,
            [
                {
                    "id": at + 1,
                    "actor_id": at + 1,
                    "name": name,
                    "folded": name,
                    "language": "ko",
                    "kind": "alias",
                }
                for at, name in enumerate(
                    "".join(chr(0xAC00 + int(i)) for i in row)
                    for row in rng.integers(0, 11_000, (ACTORS, 4))
                )
            ],
        )
        families, shapes = Family.values, Shape.values
        yield (
            Category,
            list(
                self.named(
                    CATEGORIES,
                    description=lambda _: "",
                    order=lambda at: at,
                    shape=lambda at: shapes[at % len(shapes)],
                    family=lambda at: families[at % len(families)],
                    default_role=lambda _: "participant",
                )
            ),
        )
        yield Topic, list(self.named(TOPICS))
        codes = [chr(65 + at // 26) + chr(65 + at % 26) for at in range(COUNTRIES)]
        yield (
            Place,
            list(
                self.named(
                    PLACES,
                    kind=lambda at: (
                        "country" if at < COUNTRIES else "region" if at < 600 else "city"
                    ),
                    country=lambda at: codes[at % COUNTRIES],
                    latitude=lambda _: None,
                    longitude=lambda _: None,
                    parent_id=lambda at: (
                        None
                        if at < COUNTRIES
                        else at % COUNTRIES + 1
                        if at < 600
                        else COUNTRIES + at % 400 + 1
                        if at % 400 < 200
                        else at % COUNTRIES + 1
                    ),
                    dateline=lambda _: "",
                    geonames_id=lambda _: None,
                )
            ),
        )
        yield (
            Publisher,
            list(
                self.named(
                    PUBLISHERS,
                    kind=lambda at: PublisherKind.values[at % len(PublisherKind.values)],
                    country=lambda _: "",
                    language=lambda at: LANGUAGES[at % 7],
                    controlled_by_id=lambda _: None,
                    note=lambda _: "",
                )
            ),
        )
        yield (
            Metric,
            [
                {
                    "id": at + 1,
                    "code": f"metric-{at}",
                    "label": self.name(at),
                    "unit": "",
                    "adds_up_to_id": None,
                    "order": at,
                    "headline": at < 6,
                }
                for at in range(METRICS)
            ],
        )

    # --- Events and what hangs on them ------------------------------------------------------

    def phrases(self, count, words):
        picked = zipf(self.rng, (count, words), VOCABULARY)
        return (
            [" ".join(row) for row in self.words[picked]],
            [" ".join(row) for row in self.tokens[picked]],
        )

    def dates(self, count):
        """EDTF texts of plausible shapes."""
        rng = self.rng
        years = (2026 - (rng.beta(0.7, 2.2, count) * 127)).astype(int)
        kinds = rng.random(count)
        days = rng.integers(0, 365, count)
        for year, kind, day in zip(years.tolist(), kinds.tolist(), days.tolist(), strict=True):
            first = dt.date(year, 1, 1) + dt.timedelta(days=day)
            if kind < 0.15:
                yield f"{year}"
            elif kind < 0.40:
                yield f"{year}-{first.month:02}"
            elif kind < 0.43:
                last = min(first + dt.timedelta(days=100 + day * 8), dt.date(2026, 12, 31))
                yield f"{first}/{max(first, last)}"
            elif kind < 0.433:
                yield f"{first}/.."
            elif kind < 0.435:
                yield f"{year // 10}X"
            else:
                yield first.isoformat()

    def chunks(self) -> Iterator[tuple[type, list[dict]]]:
        for start in range(0, self.events, CHUNK):
            yield from self.chunk(start, min(self.events, start + CHUNK))

    def chunk(self, start, end):
        from timeline import dates
        from timeline.models import Citation, Event, Figure, Participation, Source
        from timeline.models.choices import Role, SourceKind, Stance, VerificationLabel

        rng, count = self.rng, end - start
        titles, title_tokens = self.phrases(count, 8)
        summaries, summary_tokens = self.phrases(count, 30)
        headlines, headline_tokens = self.phrases(count, 8)
        written = [dates.parse(each) for each in self.dates(count)]
        status = rng.choice(["published", "draft", "withdrawn"], count, p=[0.97, 0.02, 0.01])
        importance = rng.choice(["key", "normal", "minor"], count, p=[0.03, 0.77, 0.2])
        labels = VerificationLabel.values
        verification = rng.choice(
            labels, count, p=[0.3, 0.3, 0.2, 0.1, 0.08, 0.005, 0.015][: len(labels)]
        )
        category, place = zipf(rng, count, CATEGORIES), zipf(rng, count, PLACES, 0.8)
        placed, labelled = rng.random(count) < 0.85, rng.random(count) < 0.1
        minutes = rng.integers(0, 2 * 365 * 24 * 60, count)
        keys = self.keys[start:end].tolist()
        common = {
            "date_basis": "occurred",
            "time": None,
            "time_zone": "",
            "minute": 1440,
            "day_order": 0,
            "date_note": "",
            "place_precision": "unknown",
            "publish_at": None,
            "withdrawal_reason": "",
            "merged_into_id": None,
            "verification_override": "",
            "verification_note": "",
            "lock": 1,
            "internal_note": "",
            "created_by_id": None,
            "updated_by_id": None,
        }
        events = []
        for at in range(count):
            date, public = written[at], status[at] == "published"
            moment = NOW - dt.timedelta(minutes=int(minutes[at]))
            key_event = importance[at] == "key" and labelled[at]
            events.append(
                common
                | {
                    "id": keys[at],
                    "public_id": self.public_ids[start + at],
                    "slug": f"event-{keys[at]}",
                    "title": titles[at][:140],
                    "label": titles[at][:20].strip() if key_event else "",
                    "summary": summaries[at][:600],
                    "date": date.edtf,
                    "earliest": date.earliest,
                    "latest": date.latest,
                    "sort_date": date.sort_date,
                    "precision": date.precision.value,
                    "category_id": int(category[at]) + 1,
                    "place_id": int(place[at]) + 1 if placed[at] else None,
                    "importance": str(importance[at]),
                    "status": str(status[at]),
                    "published_at": None if status[at] == "draft" else moment,
                    "revised_at": moment + dt.timedelta(hours=1)
                    if public and at % 5 == 0
                    else None,
                    "version": 1 if public else None,
                    "withdrawn_at": moment if status[at] == "withdrawn" else None,
                    "verification": str(verification[at]),
                    "search_tokens": f" {title_tokens[at]} | {summary_tokens[at]} ",
                    "created_at": moment,
                    "updated_at": moment,
                }
            )
        yield Event, events
        publishers = zipf(rng, count, PUBLISHERS)
        agencies, languages = rng.integers(0, AGENCIES, count), zipf(rng, count, len(LANGUAGES))
        carried, archived = rng.random(count) < 0.15, rng.random(count) < 0.3
        yield (
            Source,
            [
                {
                    "id": start + at + 1,
                    "public_id": self.source_ids[start + at],
                    "url": f"https://example.org/{start + at}",
                    "canonical_url": f"https://example.org/{start + at}",
                    "reference": "",
                    "title": headlines[at],
                    "title_is_description": False,
                    "publisher_id": int(publishers[at]) + 1,
                    "agency_id": int(agencies[at]) + 1 if carried[at] else None,
                    "authors": "",
                    "published": written[at].latest.isoformat()
                    if written[at].latest.year < 2027
                    else "",
                    "published_earliest": written[at].latest
                    if written[at].latest.year < 2027
                    else None,
                    "published_latest": written[at].latest
                    if written[at].latest.year < 2027
                    else None,
                    "accessed_on": None,
                    "language": LANGUAGES[languages[at]],
                    "kind": SourceKind.values[0],
                    "archive_url": f"https://archive.example.org/{at}" if archived[at] else "",
                    "archived_at": None,
                    "link_state": "unknown",
                    "checked_at": None,
                    "search_tokens": f" {headline_tokens[at]} ",
                }
                for at in range(count)
            ],
        )
        yield Participation, list(self.parts(keys, written, Role.values))
        yield Event.topics.through, list(self.tags(keys))
        citations = list(self.citations(keys, end, Stance.values))
        yield Citation, citations
        yield Figure, list(self.figures(keys, citations))

    def parts(self, keys, written, roles):
        rng = self.rng
        numbers = rng.choice([1, 2, 3, 4, 6], len(keys), p=[0.22, 0.36, 0.25, 0.12, 0.05])
        every = zipf(rng, (len(keys), 6), ACTORS)
        ofter = zipf(rng, (len(keys), 6), ACTORS // 13)
        role = zipf(rng, (len(keys), 6), len(roles))
        tied = rng.random((len(keys), 6)) < 0.5
        for at, key in enumerate(keys):
            seen = set()
            era = written[at].sort_date.year // 10 % 13
            for column in range(numbers[at]):
                actor = ofter[at, column] * 13 + era if tied[at, column] else every[at, column]
                pair = (int(actor) % ACTORS + 1, roles[role[at, column]])
                if pair not in seen:
                    seen.add(pair)
                    yield {
                        "event_id": key,
                        "actor_id": pair[0],
                        "role": pair[1],
                        "alleged": False,
                        "order": column,
                    }

    def tags(self, keys):
        rng = self.rng
        numbers = rng.integers(1, 6, len(keys))
        drawn = zipf(rng, (len(keys), 5), TOPICS)
        for at, key in enumerate(keys):
            for topic in dict.fromkeys(drawn[at, : numbers[at]].tolist()):
                yield {"event_id": key, "topic_id": topic + 1}

    def citations(self, keys, upto, stances):
        rng = self.rng
        numbers = rng.integers(1, 6, len(keys))
        sources = rng.integers(0, upto, (len(keys), 5))
        kinds = rng.random((len(keys), 5))
        speakers = zipf(rng, (len(keys), 5), ACTORS)
        spoken = ("confirms", "denies", "disputes")
        plain = [each for each in stances if each not in (*spoken, "reports")]
        for at, key in enumerate(keys):
            for column, source in enumerate(dict.fromkeys(sources[at, : numbers[at]].tolist())):
                kind = kinds[at, column]
                stance = "reports"
                if kind < 0.08:
                    stance = spoken[int(kind * 1000) % 3]
                elif kind < 0.12:
                    stance = plain[int(kind * 1000) % len(plain)]
                yield {
                    "event_id": key,
                    "source_id": source + 1,
                    "stance": stance,
                    "speaker_id": int(speakers[at, column]) + 1 if stance in spoken else None,
                    "locator": "",
                    "quote": "",
                    "supports": "[]",
                    "note": "",
                    "order": column,
                }

    def figures(self, keys, citations):
        rng = self.rng
        having = rng.random(len(keys)) < 0.15
        metric, best = zipf(rng, len(keys), METRICS), rng.integers(1, 20_000, len(keys))
        giver = zipf(rng, len(keys), ACTORS)
        years = rng.integers(2015, 2027, len(keys))
        for at, key in enumerate(keys):
            if having[at]:
                yield {
                    "event_id": key,
                    "metric_id": int(metric[at]) + 1,
                    "subject": "Soldiers",
                    "low": None,
                    "best": int(best[at]),
                    "high": None,
                    "text_value": "",
                    "qualifier": "about",
                    "basis": "this_event",
                    "period_start": "",
                    "as_of": f"{years[at]}-{at % 12 + 1:02}",
                    "attributed_to_id": int(giver[at]) + 1,
                    "citation_id": None,
                    "state": "current",
                    "superseded_by_id": None,
                    "order": 0,
                    "note": "",
                }


# --- Loading --------------------------------------------------------------------------------


class Loader:
    """Puts rows into tables, in the columns that they have."""

    def __init__(self, connection):
        self._connection = connection
        self._next = {}

    def put(self, model, rows):
        if not rows:
            return
        columns = [field.column for field in model._meta.concrete_fields]
        if "id" not in rows[0]:
            start = self._next.get(model, 1)
            for at, row in enumerate(rows, start):
                row["id"] = at
            self._next[model] = start + len(rows)
        columns = [column for column in columns if column in rows[0]]
        values = ([self._plain(row[column]) for column in columns] for row in rows)
        names = ", ".join(f'"{column}"' for column in columns)
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})",  # noqa: S608
                    list(values),
                )

    def _plain(self, value):
        if self._connection.vendor == "postgresql":
            return value.item() if isinstance(value, np.generic) else value
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None).isoformat(" ")
        if isinstance(value, dt.date):
            return value.isoformat()
        return value.item() if isinstance(value, np.generic) else value


def fill(events: int, seed: int = 1) -> None:
    """Fill the database, which must hold no event."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from timeline.editing import changes
    from timeline.models import Event
    from timeline.models.choices import ChangeKind

    if Event.objects.exists():
        raise SystemExit("The database holds events already; choose an empty one.")
    record, loader = Record(events, seed), Loader(connection)
    with transaction.atomic():
        for model, rows in [*record.things()]:
            loader.put(model, rows)
        for model, rows in record.chunks():
            loader.put(model, rows)
        # So that one made-up record is told from another.
        changes.note(ChangeKind.CREATED, Event.objects.order_by("pk")[seed % events])
    if connection.vendor == "postgresql":
        from django.apps import apps

        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    import django

    django.setup()
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.perf_counter()
    fill(given.events, given.seed)
    print(f"{given.events:,} events in {time.perf_counter() - started:.0f} s")
