"""Downloads: small ones are pages, large ones streams that leave half of the threads to readers."""

import pytest

from timeline.web import streams
from timeline.web.streams import AT_ONCE, SMALL, download

pytestmark = pytest.mark.django_db
CSV = "text/csv; charset=utf-8"


def large():
    yield from ("x" * 100_000 for _ in range(SMALL // 100_000 + 5))


def test_a_small_one_is_a_page():
    response = download("a.csv", CSV, iter(["a,b\r\n", "1,2\r\n"]))
    assert not response.streaming
    assert response.content == b"a,b\r\n1,2\r\n"
    assert response.headers["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_a_large_one_is_whole():
    response = download("a.csv", CSV, large())
    assert response.streaming
    assert response.getvalue() == "".join(large()).encode()
    response.close()


def test_who_comes_too_many_is_asked_to_come_again():
    under_way = [download("a.csv", CSV, large()) for _ in range(AT_ONCE)]
    refused = download("a.csv", CSV, large())
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert download("a.csv", CSV, iter(["small"])).status_code == 200
    under_way[0].close()  # its reader went away before the first line
    under_way[0].close()
    again = download("a.csv", CSV, large())
    assert again.status_code == 200
    for response in (again, under_way[1]):
        response.close()
    assert streams._slots._value == AT_ONCE


def test_a_file_that_is_there_is_sent_whole(tmp_path):
    small, big = tmp_path / "a.zip", tmp_path / "b.zip"
    small.write_bytes(b"small")
    big.write_bytes(b"0123456789" * (SMALL // 10 + 1))
    assert streams.stored("a.zip", "application/zip", small).content == b"small"
    response = streams.stored("b.zip", "application/zip", big)
    assert response.streaming
    assert response.headers["Content-Disposition"] == 'attachment; filename="b.zip"'
    assert response.getvalue() == big.read_bytes()
    under_way = [streams.stored("b.zip", "application/zip", big) for _ in range(AT_ONCE - 1)]
    refused = streams.stored("b.zip", "application/zip", big)
    assert refused.status_code == 503
    for each in (response, *under_way):
        each.close()
    assert streams._slots._value == AT_ONCE
