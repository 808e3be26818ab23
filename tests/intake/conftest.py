"""Every test here may ask a web of its own; turns are counted in a folder of the test."""

import pytest

from tests.intake import stand_in
from timeline.intake import fetching


@pytest.fixture
def web(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.FETCH_LINKS = True
    with stand_in.web() as stand:
        monkeypatch.setattr(fetching, "PUBLIC_NET", stand.net())
        yield stand
