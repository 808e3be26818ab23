"""What goes into a release of the data: the whole public record as one package.

All of it is read as of one moment, the oldest event first. The package cites itself, and names
what changed since the release before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext

from timeline import browse, text
from timeline.browse.selected import Selected, updated
from timeline.formats import package, sheets
from timeline.formats.about import About
from timeline.formats.citing import release_citations
from timeline.index import Selection
from timeline.index.reading import snapshot
from timeline.models.addresses import identifier
from timeline.record import EventRecord
from timeline.record.releases import Changes, Made, Manifest, Rows, compared

_COLUMNS = ("public_id", "change", "version_before", "version_now")


def whole(number: int, at: datetime, before: Rows | None, target: BinaryIO) -> Made:
    """Write a release; a :data:`timeline.record.releases.Build`."""
    with snapshot(), translation.override(settings.LANGUAGE_CODE):
        reading = browse.read(QueryDict())
        events = Selected(Selection(sort="date"))
        manifest = Manifest()
        told = Changes()

        def passing() -> Iterator[EventRecord]:
            for record in events:
                manifest.add(record)
                yield record

        def more() -> Mapping[str, Iterable[str]]:
            nonlocal told
            if before is None:
                return {}
            told = compared(before, manifest.rows())
            return {"changes.csv": sheets.lines(_COLUMNS, told.rows())}

        about = _about(number, browse.words(reading, events.total), events.total)
        day = timezone.localdate(at)
        count = package.build(
            target,
            about,
            passing(),
            package.Labelled(
                name=f"{text.slug(about.site) or 'timeline'}-release-{number}",
                version=gettext("Release %(number)s") % {"number": number},
                released=day.isoformat(),
                citations=release_citations(
                    number, day, events.total, about.site, about.own_address, day
                ),
            ),
            more,
            unpacked=Path(target.name).parent,
        )
    return Made(count, manifest.rows(), told)


def _about(number: int, words: str, total: int) -> About:
    return About(
        words=words,
        address=identifier("home"),
        own_address=identifier("release", number),
        site=str(settings.SITE_NAME),
        site_address=settings.SITE_URL,
        licence=str(settings.LICENCE),
        language=settings.LANGUAGE_CODE,
        total=total,
        updated=updated(Selection()),
    )
