"""Style sheets are sent without what only their writers need, and say the same."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from config.static import HashedStorage, squeezed

SHEETS = sorted((Path(__file__).resolve().parents[2] / "static").rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_says_the_same_in_fewer_letters(sheet):
    written = sheet.read_text(encoding="utf-8")
    sent = squeezed(written)
    assert len(sent) < len(written)
    assert "/*" not in sent
    plain = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    told = [re.sub(r"\s", "", each).replace(";}", "}") for each in (plain, sent)]
    assert told[0] == told[1]


def test_what_stands_in_quotes_stays():
    assert squeezed('a::after { content: " /* ;  } " ; }\n') == 'a::after{content: " /* ;  } "}'
    assert squeezed("a b , c > d { margin: calc(1px + 2px) ; }") == (
        "a b,c > d{margin: calc(1px + 2px)}"
    )


def test_it_is_what_is_collected(tmp_path):
    storage = HashedStorage(location=tmp_path)
    storage.save("x.css", ContentFile(b"a { color: red; } /* why */"))
    storage.save("x.mjs", ContentFile(b"a { /* stays */ }"))
    assert (tmp_path / "x.css").read_text() == "a{color: red}"
    assert (tmp_path / "x.mjs").read_text() == "a { /* stays */ }"


def test_the_copy_with_a_hash_in_its_name_says_it_too(tmp_path):
    storage = HashedStorage(location=tmp_path)
    storage.save("x.css", ContentFile(b"a { color: red; } /* why */"))
    list(storage.post_process({"x.css": (storage, "x.css")}))
    copies = sorted(tmp_path.glob("x.*.css"))
    assert [each.read_text() for each in copies] == ["a{color: red}"]
