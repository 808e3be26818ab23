"""Small files of each kind that can be read, with invented events in our own words."""

import csv
import io
from pathlib import Path

HERE = Path(__file__).parent


def sample(name):
    return (HERE / name).read_bytes()


def rows(name, separator=","):
    """The rows of a sample as dicts, to be changed and written again."""
    text = sample(name).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def written(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
