"""How much a test does: a share in every run, all of it with PROVE=1 (`make prove`)."""

import os


def figure(usual: int, full: int) -> int:
    return full if os.environ.get("PROVE", "") not in {"", "0"} else usual
