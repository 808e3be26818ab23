"""The earth as the map draws it: the Equal Earth projection, and where each country is written.

Equal area, so that no part of the world looks larger than it is; the formula is that of Šavrič,
Patterson and Jenny (2018). The middle lies at 11° east, so that the edge cuts the Bering strait
and no country. Units are those of the outlines in ``static/img/world.svg``, which
:mod:`timeline.web.outlines` makes with these same functions.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MIDDLE = 11.0
"""The longitude in the middle of the drawing."""
WIDE = 4800
"""The width of the whole world, in units of the outlines."""

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = 3**0.5 / 2
_HALF = float(np.pi / (_M * _A1))
"""Half of the width of the projection on a sphere of radius 1."""
_UNIT = WIDE / 2 / _HALF
LABELS = Path(__file__).with_name("outlines.json")


def _down(theta: Numbers) -> Numbers:
    squared = theta * theta
    sixth = squared**3
    found: Numbers = theta * (_A1 + _A2 * squared + sixth * (_A3 + _A4 * squared))
    return found


_TOP = float(_down(np.arcsin(np.array(_M * np.sin(np.radians(84.0))))))
"""The drawing begins at 84° north."""


def projected(longitudes: Numbers, latitudes: Numbers) -> tuple[Numbers, Numbers]:
    """Degrees to units right of the left edge and down from the top one. Longitudes from 169°
    west to 191° east stay inside; others aren't wrapped."""
    theta = np.arcsin(_M * np.sin(np.radians(latitudes)))
    squared = theta * theta
    sixth = squared**3
    across = _A1 + 3 * _A2 * squared + sixth * (7 * _A3 + 9 * _A4 * squared)
    x = np.radians(longitudes - MIDDLE) * np.cos(theta) / (_M * across)
    return (x + _HALF) * _UNIT, (_TOP - _down(theta)) * _UNIT


def placed(longitudes: Numbers, latitudes: Numbers) -> tuple[Numbers, Numbers]:
    """What ``projected`` gives for points anywhere on the earth."""
    around = (longitudes - MIDDLE + 180.0) % 360.0 - 180.0 + MIDDLE
    return projected(around, latitudes)


TALL = int(_UNIT * (_TOP - float(_down(np.arcsin(np.array(_M * np.sin(np.radians(-57.0))))))))
"""The height of the drawing, which ends at 57° south, below the last country."""


@cache
def labels() -> dict[str, tuple[int, int]]:
    """For each country, by its two letters, the point at which its number is written: the one
    of its largest piece of land that lies farthest from any border."""
    written = json.loads(LABELS.read_text(encoding="utf-8"))
    return {code: (x, y) for code, (x, y) in written.items()}
