"""Makes the outlines of the map: ``static/img/world.svg``, and where countries are labelled.

A program by itself, run by hand when the outlines shall change; the site only reads what it
wrote. It takes Natural Earth's countries (public domain) from the npm package ``world-atlas``::

    npm pack world-atlas@2 && tar xzf world-atlas-*.tgz
    python -m timeline.web.outlines package/countries-50m.json

The same input gives the same bytes. Lines are reduced by the area that a point makes
(Visvalingam and Whyatt 1993), in the projection, a line between two countries once for both, so
that neighbours still fit; the smaller a piece of land, the more of its points stay. Antarctica is
left out. A path has the country's two letters as its id; land that Natural Earth gives no code
has none.
"""

import heapq
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from timeline.web.earth import LABELS, MIDDLE, TALL, WIDE, Numbers, projected

MOST = 60_000
"""Bytes of the drawing at most."""
_SVG = Path(__file__).parents[2] / "static" / "img" / "world.svg"
_LEAST = 24.0
"""Square units of an island at least, unless it is all that a country has."""
_LARGE = 25_000
"""Square units of land whose lines are reduced as the number says; smaller land has more points."""
_FAR_NORTH = 68.0
"""The latitude beyond which lines are reduced more."""
_GRID = 48

# ISO 3166-1: the number that Natural Earth gives, and the two letters that the record uses.
_CODES = dict(
    each.split(":")
    for each in """
    004:AF 008:AL 012:DZ 016:AS 020:AD 024:AO 028:AG 031:AZ 032:AR 036:AU 040:AT 044:BS 048:BH
    050:BD 051:AM 052:BB 056:BE 060:BM 064:BT 068:BO 070:BA 072:BW 076:BR 084:BZ 086:IO 090:SB
    092:VG 096:BN 100:BG 104:MM 108:BI 112:BY 116:KH 120:CM 124:CA 132:CV 136:KY 140:CF 144:LK
    148:TD 152:CL 156:CN 158:TW 170:CO 174:KM 178:CG 180:CD 184:CK 188:CR 191:HR 192:CU 196:CY
    203:CZ 204:BJ 208:DK 212:DM 214:DO 218:EC 222:SV 226:GQ 231:ET 232:ER 233:EE 234:FO 238:FK
    239:GS 242:FJ 246:FI 248:AX 250:FR 258:PF 260:TF 262:DJ 266:GA 268:GE 270:GM 275:PS 276:DE
    288:GH 296:KI 300:GR 304:GL 308:GD 316:GU 320:GT 324:GN 328:GY 332:HT 334:HM 336:VA 340:HN
    344:HK 348:HU 352:IS 356:IN 360:ID 364:IR 368:IQ 372:IE 376:IL 380:IT 384:CI 388:JM 392:JP
    398:KZ 400:JO 404:KE 408:KP 410:KR 414:KW 417:KG 418:LA 422:LB 426:LS 428:LV 430:LR 434:LY
    438:LI 440:LT 442:LU 446:MO 450:MG 454:MW 458:MY 462:MV 466:ML 470:MT 478:MR 480:MU 484:MX
    492:MC 496:MN 498:MD 499:ME 500:MS 504:MA 508:MZ 512:OM 516:NA 520:NR 524:NP 528:NL 531:CW
    533:AW 534:SX 540:NC 548:VU 554:NZ 558:NI 562:NE 566:NG 570:NU 574:NF 578:NO 580:MP 583:FM
    584:MH 585:PW 586:PK 591:PA 598:PG 600:PY 604:PE 608:PH 612:PN 616:PL 620:PT 624:GW 626:TL
    630:PR 634:QA 642:RO 643:RU 646:RW 652:BL 654:SH 659:KN 660:AI 662:LC 663:MF 666:PM 670:VC
    674:SM 678:ST 682:SA 686:SN 688:RS 690:SC 694:SL 702:SG 703:SK 704:VN 705:SI 706:SO 710:ZA
    716:ZW 724:ES 728:SS 729:SD 732:EH 740:SR 748:SZ 752:SE 756:CH 760:SY 762:TJ 764:TH 768:TG
    776:TO 780:TT 784:AE 788:TN 792:TR 795:TM 796:TC 800:UG 804:UA 807:MK 818:EG 826:GB 831:GG
    832:JE 833:IM 834:TZ 840:US 850:VI 854:BF 858:UY 860:UZ 862:VE 876:WF 882:WS 887:YE 894:ZM
    """.split()
)
_ANTARCTICA = "010"
_UNCODED = {"Kosovo": "XK"}
"""Letters in common use for land without a number."""

Arc = Numbers
"""Points of a line, as pairs of degrees."""


class _Lines:
    """The lines of a TopoJSON file, each reduced once."""

    def __init__(self, topology: dict[str, Any]) -> None:
        scale, move = (np.array(topology["transform"][part]) for part in ("scale", "translate"))
        self.arcs: list[Arc] = [
            _unbroken(np.cumsum(np.array(arc, np.float64), axis=0) * scale + move)
            for arc in topology["arcs"]
        ]
        self.smallest = [np.inf] * len(self.arcs)
        """The area of the smallest piece of land that each line bounds."""
        self._weights = [_weights(arc) for arc in self.arcs]

    def ring(self, numbers: list[int]) -> Arc:
        """The whole ring that these lines make."""
        return self._joined(numbers, self.arcs)

    def reduced(self, numbers: list[int], detail: float) -> Arc:
        """The ring with the points that make at least as much area as ``detail`` asks for."""
        kept = {}
        for number in numbers:
            at = number if number >= 0 else ~number
            wanted = detail * min(1.0, max(0.15, (self.smallest[at] / _LARGE) ** 0.5))
            wanted *= 1 if self.arcs[at][:, 1].mean() < _FAR_NORTH else 4
            weights = self._weights[at]
            chosen = weights >= wanted
            if chosen.sum() < 4 <= len(weights) and len(numbers) == 1:
                chosen = weights >= np.sort(weights)[-4]
            kept[at] = self.arcs[at][chosen]
        return self._joined(numbers, kept)

    @staticmethod
    def _joined(numbers: list[int], arcs: Any) -> Arc:
        parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return _unbroken(
            np.concatenate([part if at == 0 else part[1:] for at, part in enumerate(parts)])
        )


def _unbroken(points: Arc) -> Arc:
    """A line whose longitudes go on behind 180° instead of leaping to the other side."""
    return np.column_stack((np.unwrap(points[:, 0], period=360.0), points[:, 1]))


def _weights(arc: Arc) -> Numbers:
    """For each point of a line, the area that it makes when all with less are gone."""
    points = np.column_stack(projected(arc[:, 0], arc[:, 1])).tolist()
    count = len(points)
    weights = np.full(count, np.inf)
    before, behind = list(range(-1, count - 1)), list(range(1, count + 1))

    def area(at: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[at]], points[at], points[behind[at]]
        return float(abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2)

    current = {at: area(at) for at in range(1, count - 1)}
    heap = [(value, at) for at, value in current.items()]
    heapq.heapify(heap)
    most = 0.0
    while heap:
        value, at = heapq.heappop(heap)
        if current.get(at) != value:
            continue
        most = weights[at] = max(most, value)
        del current[at]
        left, right = before[at], behind[at]
        behind[left], before[right] = right, left
        for other in (left, right):
            if other in current:
                current[other] = area(other)
                heapq.heappush(heap, (current[other], other))
    return weights


def _drawn(ring: Arc) -> Numbers:
    """The points of a ring in the drawing; a ring behind its edge is drawn at the other one."""
    longitudes = ring[:, 0]
    middle = (longitudes.min() + longitudes.max()) / 2
    around = longitudes - 360.0 * np.floor((middle - MIDDLE + 180.0) / 360.0)
    return np.column_stack(projected(around, ring[:, 1]))


def _area(points: Numbers) -> float:
    x, y = points[:, 0], points[:, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2


def _written(points: Numbers) -> str:
    """A ring as a path: whole units, each point from the one before."""
    whole = np.rint(points).astype(int)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)][:-1]
    numbers = [str(number) for number in steps.ravel().tolist()]
    text = numbers[0] if numbers else ""
    for number in numbers[1:]:
        text += number if number.startswith("-") else f" {number}"
    return f"M{whole[0][0]} {whole[0][1]}l{text}z" if text else ""


def _label(points: Numbers) -> tuple[int, int]:
    """The point inside a ring that lies farthest from its border, to some units."""
    low, high = points.min(axis=0), points.max(axis=0)
    best = (low + high) / 2
    reach = high - low
    for _turn in range(4):
        steps = np.linspace(-0.5, 0.5, _GRID)
        x, y = np.meshgrid(best[0] + steps * reach[0], best[1] + steps * reach[1])
        tried = np.column_stack((x.ravel(), y.ravel()))
        inside = tried[_inside(tried, points)]
        if not len(inside):
            break
        best = inside[np.argmax(_distances(inside, points))]
        reach = reach / (_GRID / 3)
    return round(float(best[0])), round(float(best[1]))


def _inside(tried: Numbers, ring: Numbers) -> Any:
    odd = np.zeros(len(tried), bool)
    for (ax, ay), (bx, by) in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
        if ay != by:
            between = (ay > tried[:, 1]) != (by > tried[:, 1])
            odd ^= between & (tried[:, 0] < (bx - ax) * (tried[:, 1] - ay) / (by - ay) + ax)
    return odd


def _distances(tried: Numbers, ring: Numbers) -> Numbers:
    nearest = np.full(len(tried), np.inf)
    for start, end in pairwise(ring):
        along = end - start
        length = float(along @ along)
        share = np.clip((tried - start) @ along / length, 0, 1) if length else np.zeros(len(tried))
        away = tried - start - share[:, None] * along
        nearest = np.minimum(nearest, np.einsum("ij,ij->i", away, away))
    return nearest


Rings = list[tuple[float, list[int]]]
"""The area of each ring of a country, and the lines that make it."""


def _countries(topology: dict[str, Any], lines: _Lines) -> list[tuple[str, Rings]]:
    found: dict[tuple[str, str], Rings] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        number, name = geometry.get("id", ""), geometry["properties"]["name"]
        if number == _ANTARCTICA:
            continue
        code = _CODES[number] if number else _UNCODED.get(name, "")
        rings = found.setdefault((code, "" if code else name), [])
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            rings += [(_area(_drawn(lines.ring(ring))), ring) for ring in polygon]
    for rings in found.values():
        rings.sort(key=lambda each: -each[0])
        for area, ring in rings:
            for number in ring:
                at = number if number >= 0 else ~number
                lines.smallest[at] = min(lines.smallest[at], area)
    return [(code, rings) for (code, _name), rings in sorted(found.items())]


def _paths(countries: list[tuple[str, Rings]], lines: _Lines, detail: float) -> Iterator[str]:
    for code, rings in countries:
        named = f' id="{code}"' if code else ""
        path = ""
        for at, (area, ring) in enumerate(rings):
            if at == 0 or area >= _LEAST:
                drawn = _written(_drawn(lines.reduced(ring, detail)))
                # The last islands of the sea are smaller than a unit.
                path += drawn or (_speck(lines.ring(ring)) if at == 0 else "")
        yield f'<path{named} d="{path}"/>'


def _speck(ring: Arc) -> str:
    x, y = np.rint(_drawn(ring).mean(axis=0)).astype(int).tolist()
    return f"M{x} {y}l2 0-1 2z"


def svg(countries: list[tuple[str, Rings]], lines: _Lines, detail: float) -> str:
    """The drawing, as detailed as said: the larger the number, the fewer the points."""
    paths = "".join(_paths(countries, lines, detail))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}">'
    return f'{head}<g id="land">{paths}</g></svg>\n'


def main(path: Path) -> None:
    """Write the drawing, as detailed as its size allows, and the points of the labels."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    lines = _Lines(topology)
    countries = _countries(topology, lines)
    fine, coarse = 1.0, 4000.0
    for _turn in range(16):
        tried = (fine * coarse) ** 0.5
        if len(svg(countries, lines, tried)) > MOST:
            fine = tried
        else:
            coarse = tried
    _SVG.write_text(svg(countries, lines, coarse), encoding="utf-8")
    labels = {code: _label(_drawn(lines.ring(rings[0][1]))) for code, rings in countries if code}
    text = ",\n".join(f' "{code}": [{x}, {y}]' for code, (x, y) in sorted(labels.items()))
    LABELS.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
