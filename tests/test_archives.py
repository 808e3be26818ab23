"""An archive's address is taken apart; where to look for a copy is written down."""

import datetime as dt

import pytest

from timeline import archives

PAGE = "https://paper.example/a?b=1"
AT = dt.datetime(2024, 3, 5, 10, 20, 30, tzinfo=dt.UTC)
DAY = dt.datetime(2024, 3, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("address", "original", "at"),
    [
        (f"https://web.archive.org/web/20240305102030/{PAGE}", PAGE, AT),
        (f"http://web.archive.org/web/20240305102030id_/{PAGE}", PAGE, AT),
        (f"https://web.archive.org/web/20240305/{PAGE}", PAGE, DAY),
        (f"https://web.archive.org/web/2024/{PAGE}", PAGE, None),
        (f"https://web.archive.org/web/*/{PAGE}", PAGE, None),
        (
            "https://web.archive.org/web/2024/https:/paper.example/a",
            "https://paper.example/a",
            None,
        ),
        (f"https://archive.ph/20240305102030/{PAGE}", PAGE, AT),
        (f"https://archive.is/2024.03.05-102030/{PAGE}", PAGE, AT),
        (f"https://archive.today/newest/{PAGE}", PAGE, None),
        (f"https://web.archive.org/web/20249999999999/{PAGE}", PAGE, None),
        ("https://archive.ph/AbC12", "", None),
        ("https://perma.cc/ABCD-1234", "", None),
        # A copy whose original is none, or another copy.
        ("https://web.archive.org/web/2024/https://u:p@paper.example/", "", None),
        (f"https://web.archive.org/web/2024/https://web.archive.org/web/2023/{PAGE}", "", None),
    ],
)
def test_a_copy_is_taken_apart(address, original, at):
    assert archives.copy_of(address) == archives.Copy(address, original, at)
    assert archives.original_of(address) == (original or address)


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "https://archive.org/details/book",
        "https://web.archive.org/",
        "https://archive.ph/",
        f"https://paper.example/web/20240305102030/{PAGE}",
        f"https://web.archive.org.evil.example/web/2024/{PAGE}",
    ],
)
def test_other_addresses_are_no_copies(address):
    assert archives.copy_of(address) is None
    assert archives.original_of(address) == address


def test_where_to_look():
    assert archives.nearest(PAGE, AT.date()) == f"https://web.archive.org/web/20240305/{PAGE}"
    assert archives.nearest(PAGE) == f"https://web.archive.org/web/2/{PAGE}"
    assert archives.every(PAGE) == f"https://web.archive.org/web/*/{PAGE}"
    assert archives.keep(PAGE) == f"https://web.archive.org/save/{PAGE}"
