"""What the things and words of the record are called in the language of the moment.

Actors and publishers have names in languages; everything else is looked up in the glossary, by
the text itself. What has no word in a language is called as it is recorded. One dictionary a
language is held in memory and read anew when the change log names a thing that it is made of; in
the record's own language there is none.
"""

import threading
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import get_language

from timeline.models.actors import Actor, ActorName
from timeline.models.changes import Change
from timeline.models.choices import NameKind
from timeline.models.glossary import Term, TermKind
from timeline.models.publishers import Publisher, PublisherName
from timeline.models.tongue import base

_MADE_OF = ("actor", "publisher", "term")
_NEVER = (NameKind.FORMER, NameKind.ACRONYM, NameKind.ALIAS)
_FIRST = {NameKind.SHORT: 0, NameKind.OFFICIAL: 1}
_SCRIPT = r"-[a-z]{4}(-|$)"
"""The part of a language tag that names a script."""


class Names:
    """What things are called in one language, as of one entry of the change log."""

    def __init__(self, language: str) -> None:
        self.language = base(language)
        self.things = {
            "actor": _by_slug(ActorName, "actor", language),
            "publisher": _by_slug(PublisherName, "publisher", language),
        }
        self._alone = {
            "actor": _by_name(Actor, self.things["actor"]),
            "publisher": _by_name(Publisher, self.things["publisher"]),
        }
        self.terms: dict[str, dict[str, str]] = {kind: {} for kind in TermKind.values}
        rows = Term.objects.filter(language__in=(self.language, language)).order_by("language")
        # The nearer language comes last and stays.
        for kind, original, words in rows.values_list("kind", "original", "words"):
            self.terms.setdefault(kind, {})[original] = words

    def thing(self, kind: str, slug: str, name: str) -> str:
        """What a thing is called: an actor or publisher by its address, another by its name."""
        if kind in self.things:
            return self.things[kind].get(slug, name)
        return self.text(kind, name) if kind in self.terms else name

    def text(self, kind: str, original: str) -> str:
        """What a text of the record says."""
        return self.terms[kind].get(original, original)

    def actor(self, name: str) -> str:
        """What the actor of a name is called; as recorded, where several have that name."""
        return self._alone["actor"].get(name, name)

    def publisher(self, name: str) -> str:
        """What the publisher of a name is called; as recorded, where several have that name."""
        return self._alone["publisher"].get(name, name)

    def voice(self, name: str) -> str:
        """What an actor or a publisher is called; as recorded, where it may be either."""
        found = {self.actor(name), self.publisher(name)} - {name}
        return found.pop() if len(found) == 1 else name


def names_in(model: type[Model], language: str) -> QuerySet[Any]:
    """The rows of a model of names that say what something is called in a language, of whatever
    region, but in no other script."""
    tag = base(language)
    others = Q(language__istartswith=f"{tag}-") & ~Q(language__iregex=_SCRIPT)
    return model._default_manager.exclude(kind__in=_NEVER).filter(
        Q(language__iexact=language) | Q(language__iexact=tag) | others
    )


def _by_slug(model: type[Model], owner: str, language: str) -> dict[str, str]:
    """The name of each in a language, by its address: the short one, else the official one, else
    one that is no other kind of name."""
    found: dict[str, tuple[tuple[int, int, int], str]] = {}
    for pk, slug, name, tag, kind in names_in(model, language).values_list(
        "pk", f"{owner}__slug", "name", "language", "kind"
    ):
        rank = (_nearness(tag.lower(), language.lower()), _FIRST.get(kind, 2), pk)
        if slug not in found or rank < found[slug][0]:
            found[slug] = (rank, name)
    return {slug: name for slug, (_rank, name) in found.items()}


def _nearness(tag: str, language: str) -> int:
    """How near a language tag is to the language of readers."""
    nearest = (language, base(language))
    return nearest.index(tag) if tag in nearest else len(nearest)


def _by_name(model: type[Model], called: Mapping[str, str]) -> dict[str, str]:
    """The same by the recorded names that one thing alone has."""
    rows = model._default_manager.order_by()
    several = rows.values("name").annotate(number=Count("pk")).filter(number__gt=1)
    shared = set(several.values_list("name", flat=True))
    names = dict(rows.values_list("slug", "name"))
    return {names[slug]: name for slug, name in called.items() if names[slug] not in shared}


class _Held:
    """The dictionaries of this process, by language, and the entry that they are as of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entry: tuple[Any, ...] = ()
        self._names: dict[str, Names] = {}

    def get(self, language: str) -> Names:
        entry = _entry()
        if _uncommitted():
            return self._as_of(entry, language)
        with self._lock:
            if entry != self._entry:
                if not self._entry or not entry or _renamed(self._entry[0], entry[0]):
                    self._names.clear()
                self._entry = entry
            found = self._names.get(language)
        if found is None:
            found = Names(language)
            with self._lock:
                # Somebody may have seen a later entry meanwhile.
                if self._entry == entry:
                    self._names[language] = found
        return found

    def _as_of(self, entry: tuple[Any, ...], language: str) -> Names:
        """Inside a transaction that may be rolled back: nothing of it is kept."""
        with self._lock:
            held, found = self._entry, self._names.get(language)
        if found is None or not held or not entry:
            return Names(language)
        return found if held == entry or not _renamed(held[0], entry[0]) else Names(language)


def _entry() -> tuple[Any, ...]:
    """The latest entry of the change log; empty for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, at FROM timeline_change ORDER BY id DESC LIMIT 1")
        return cursor.fetchone() or ()


def _renamed(before: int, now: int) -> bool:
    """Whether a name may have changed between two entries."""
    if now <= before:
        return True
    return Change.objects.filter(pk__gt=before, pk__lte=now, model__in=_MADE_OF).exists()


_held = _Held()


def names(language: str = "") -> Names | None:
    """What things are called in a language, that of the moment where none is given; None in the
    record's own."""
    language = language or get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return None
    return _held.get(language)


def _uncommitted() -> bool:
    """Whether what can be read may never be committed; the transaction around a test doesn't
    count."""
    return not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
