"""A small map of the way so far, drawn by us: no other server learns who looks at which parcel."""

import math
from functools import lru_cache

from portal.atlas import geography
from portal.atlas.geography import Point
from portal.journey import Parcel
from portal.shown import Map, Stop
from portal.tongue import told as _

WIDE, HIGH = 360, 200  # of the picture
LEAST = 60.0  # tenths of a degree that it shows at least, from north to south
ROOM = 1.7  # times what the way itself takes
GRID = 20  # tenths of a degree to which a picture's middle is moved: so that many parcels share one
MOST_STOPS = 12


def of(parcel: Parcel) -> Map | None:
    """The places of the scans, oldest first; None where fewer than two are known."""
    stops: list[tuple[str, Point]] = []
    for scan in reversed(parcel.row.scans):
        at = geography.place(scan.city, scan.country) if scan.city else None
        if at and (not stops or stops[-1][1] != at):
            stops.append((scan.city.strip(), at))
    stops = stops[-MOST_STOPS:]
    if len({at for _city, at in stops}) < 2:
        return None
    middle, high = _frame([at for _city, at in stops])
    land, borders = _ground(middle, high)
    points = [_onto(at, middle, high) for _city, at in stops]
    marks = [Stop(x, y, 5 if n == len(points) - 1 else 3, n == len(points) - 1) for n, (x, y) in enumerate(points)]
    named = ", ".join(dict.fromkeys(city for city, _at in stops))
    return Map(_("Seen in: %(places)s") % {"places": named}, f"0 0 {WIDE} {HIGH}", land, borders, _path(points), marks)


def _frame(points: list[Point]) -> tuple[Point, float]:
    """The middle of the picture, and how many tenths of a degree it is high."""
    east, north = [x for x, _y in points], [y for _x, y in points]
    middle = (round((min(east) + max(east)) / 2 / GRID) * GRID, round((min(north) + max(north)) / 2 / GRID) * GRID)
    wide = (max(east) - min(east) + 2 * GRID) * _narrowing(middle[1]) * HIGH / WIDE
    high = max(LEAST, ROOM * max(max(north) - min(north) + GRID, wide))
    return middle, LEAST * 1.5 ** math.ceil(math.log(high / LEAST, 1.5))  # few heights, so that pictures are shared


def _narrowing(north: float) -> float:
    return max(0.2, math.cos(math.radians(north / 10)))


def _onto(at: Point, middle: Point, high: float) -> Point:
    """A place in the picture, in its units to a tenth."""
    scale = HIGH / high
    x = WIDE / 2 + (at[0] - middle[0]) * _narrowing(middle[1]) * scale
    return round(x, 1), round(HIGH / 2 - (at[1] - middle[1]) * scale, 1)


@lru_cache(maxsize=256)
def _ground(middle: Point, high: float) -> tuple[str, str]:
    """Land and borders as paths. What lies wholly outside is left out, and what is outside of the rest is pulled to the edge."""
    shapes = []
    for name, closed in (("land", True), ("borders", False)):
        drawn = [_cut([_onto(at, middle, high) for at in line]) for line in geography.lines(name)]
        shapes.append("".join(_path(line) + ("z" if closed else "") for line in drawn if line))
    return shapes[0], shapes[1]


def _cut(line: list[Point]) -> list[Point]:
    """The line clamped to a margin round the picture, whole units, without points that repeat; [] where nothing of it is seen."""
    edge = 20
    if not _touches(line, edge):
        return []
    clamped: list[Point] = [(round(min(max(x, -edge), WIDE + edge)), round(min(max(y, -edge), HIGH + edge))) for x, y in line]
    kept = [at for n, at in enumerate(clamped) if n == 0 or at != clamped[n - 1]]
    return kept if len(kept) > 1 else []


def _touches(line: list[Point], edge: float) -> bool:
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    return max(xs) >= -edge and min(xs) <= WIDE + edge and max(ys) >= -edge and min(ys) <= HIGH + edge


def _path(points: list[Point]) -> str:
    """An SVG path: the first point, then steps."""
    written, (x, y) = f"M{points[0][0]:g} {points[0][1]:g}l", points[0]
    for east, north in points[1:]:
        written += f"{round(east - x, 1):g} {round(north - y, 1):g} "
        x, y = east, north
    return written.rstrip()
