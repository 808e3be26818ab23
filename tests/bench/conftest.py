"""The record that the measurements of a run share."""

import os
from pathlib import Path

import pytest

from tests.bench import stand


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """DATA_DIR of the record to measure."""
    if given := os.environ.get("BENCH_DATA"):
        return Path(given).absolute()
    made = tmp_path_factory.mktemp("record")
    stand.make_record(made, 10_000)
    return made
