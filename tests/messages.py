"""The catalogues of translated words: ``make messages`` reads them from the code and compiles them.

Django's makemessages finds nothing in Jinja2 and asks for GNU gettext, so Babel does the work here;
Django's own reading of its templates is handed on to Babel as Python. Nothing is guessed from a
similar message: a changed sentence comes out untranslated, and the test names it.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ko",)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # Refusals of timeline.text, which carry their sentence until somebody reads it.
    "DateError": None,
    "LinkError": None,
}
PLACES = (
    ("config", "**.py", "python"),
    ("timeline", "**.py", "python"),
    ("templates/pages", "**.html", "jinja2"),
    ("templates/admin", "**.html", "tests.messages:extract_django"),
)
OPTIONS = {"**.html": {"encoding": "utf-8", "trimmed": "true"}}

# What a program puts into a message, and the markup around it.
PUT_IN = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|</?[a-z][^>]*>|`[^`]+`")


def path(language: str, ending: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{ending}"


def extract_django(
    fileobj: io.BytesIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Babel's reader for templates of Django. Brackets keep Python from minding the indentation."""
    said = templatize(fileobj.read().decode())
    return extract_python(io.BytesIO(f"({said}\n)".encode()), keywords, comment_tags, options)


def in_the_code() -> Catalog:
    """Every message that is marked, in one catalogue without translations.

    Raises ValueError where one singular stands for two messages: a catalogue has room for one.
    """
    found, plurals, plain = Catalog(), dict[str, str](), set[str]()
    for folder, pattern, method in PLACES:
        for _name, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, [(pattern, method)], OPTIONS, KEYWORDS
        ):
            if isinstance(message, str):
                plain.add(message)
            elif plurals.setdefault(message[0], message[1]) != message[1]:
                raise ValueError(f"“{message[0]}” has two plurals: “{message[1]}” is the second.")
            found.add(message, context=context)
    for one, many in plurals.items():
        # Asked for without a number, it would come out with the hole for one.
        if one in plain and PUT_IN.findall(one) != PUT_IN.findall(many):
            raise ValueError(f"“{one}” is asked for with a plural and without. Word one anew.")
    return found


def in_the_file(language: str) -> Catalog:
    with path(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def translated(message: Message) -> bool:
    said = message.string
    return bool(said) if isinstance(said, str) else bool(said) and all(said)


def update(language: str) -> list[str]:
    """Bring the .po up to the code and the .mo up to the .po; what is left to translate."""
    words = in_the_file(language)
    # The header is kept as it is: a date in it would clash at each merge.
    words.update(in_the_code(), no_fuzzy_matching=True, update_creation_date=False)
    words.obsolete.clear()
    words.project, words.version, words.msgid_bugs_address = "Dateline", "1", ""
    with path(language, "po").open("wb") as file:
        write_po(file, words, no_location=True, sort_output=True, ignore_obsolete=True, width=100)
    with path(language, "mo").open("wb") as file:
        write_mo(file, words)
    return [str(message.id) for message in words if message.id and not translated(message)]


def main() -> None:
    for language in LANGUAGES:
        left = update(language)
        print(f"{language}: {len(in_the_file(language))} messages, {len(left)} not translated")
        for message in left:
            print(f"  {message}")


if __name__ == "__main__":
    main()
