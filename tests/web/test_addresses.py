"""Addresses are those that Django would write."""

import pytest
from django.urls import NoReverseMatch, reverse

from timeline.web.addresses import address


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("home", {}),
        ("actors", {}),
        ("actor", {"slug": "kim-jong-un"}),
        ("event", {"public_id": "7K3Q9FZX", "slug": "kim_and-trump-2018"}),
        ("event_bare", {"public_id": "7K3Q9FZX"}),
        ("suggest", {"things": "places"}),
        ("year", {"year": "2024"}),
    ],
)
def test_as_django_writes_it(name, parts):
    for _again in range(2):
        assert address(name, **parts) == reverse(name, kwargs=parts)


@pytest.mark.parametrize("slug", ["", "a b", "../x", "é", "a/b", "{slug}", "x\n"])
def test_what_is_no_slug_has_no_address(slug):
    with pytest.raises(NoReverseMatch):
        address("actor", slug=slug)
