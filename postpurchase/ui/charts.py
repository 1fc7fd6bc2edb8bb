"""Charts laid out in Python, drawn by ui/_chart.html and ui/_meter.html: no script, no style attribute, exact numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext

from postpurchase.ui import words

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 560, 188, 26, 24, 166
APART = 64  # from one date to the next: room for "30 de nov." and some air
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True)
class Day:
    """Two counts of one day, drawn on top of each other."""

    day: date
    first: int
    second: int


def _step(highest: int) -> int:
    """The rounded distance (1, 2 or 5 times a power of ten) that needs at most four grid lines."""
    power: int = 10 ** max(0, math.floor(math.log10(max(highest, 1))) - 1)
    for scale in (power, power * 10):
        for step in _STEPS:
            if step * scale * 4 >= highest:
                return int(step * scale)
    return int(power * 100)


def _bar(position: int, day: Day, slot: float, scale: float, label: str) -> dict[str, object]:
    width = slot * 0.78
    x = LEFT + slot * position + (slot - width) / 2
    first, second = day.first * scale, day.second * scale
    gap = 1.0 if first and second else 0.0
    return {
        "x": f"{x:.1f}",
        "width": f"{width:.1f}",
        "middle": f"{x + width / 2:.1f}",
        "label": label,
        "first": {"y": f"{FLOOR - first:.1f}", "height": f"{first:.1f}" if first else ""},
        "second": {"y": f"{FLOOR - first - second:.1f}", "height": f"{max(second - gap, 1.5):.1f}" if second else ""},
    }


def _labels(days: Sequence[Day], slot: float) -> list[str]:
    """Mondays carry their date, but not where the text would run out of the drawing or into the one before."""
    found, free = [""] * len(days), 1.0  # the first bar from which on there is room
    for position, day in enumerate(days[:-1]):
        if day.day.weekday() == 0 and position >= free:
            found[position], free = words.short_day(day.day), position + APART / slot
    return found


def stacked_bars(days: Sequence[Day], title: str, heads: tuple[str, str, str] | None = None) -> dict[str, object]:
    """The context of ui/_chart.html: one bar a day, oldest first; rows of the table newest first.

    `title` says in words what is drawn; `heads` are the heads of the table: day, first, second.
    """
    step = _step(max((day.first + day.second for day in days), default=0))
    lines = max(1, math.ceil(max((day.first + day.second for day in days), default=0) / step))
    scale, slot = (FLOOR - TOP) / (lines * step), (WIDTH - LEFT) / max(len(days), 1)
    ys = [FLOOR - step * line * scale for line in range(lines + 1)]
    return {
        "title": title,
        "heads": heads or (gettext("Day"), gettext("On time"), gettext("Late")),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "label_y": HEIGHT - 6,
        "grid": [
            {"x": LEFT - 6, "y": f"{y:.1f}", "text_y": f"{y + 4:.1f}", "label": words.number(step * line)} for line, y in enumerate(ys)
        ],
        "bars": [_bar(n, day, slot, scale, label) for n, (day, label) in enumerate(zip(days, _labels(days, slot), strict=True))],
        "rows": [(words.short_day(day.day, weekday=True), day.first, day.second) for day in reversed(days)],
    }


def meter(parts: Sequence[tuple[str, float]], whole: float) -> list[dict[str, str]]:
    """The context of ui/_meter.html: parts (class a, c or d; amount) of `whole`, the rest drawn as empty (class z)."""
    drawn, x = [], 0.0
    for css, amount in parts:
        width = 100 * amount / whole if whole else 0.0
        if width:
            drawn.append({"css": css, "x": f"{x:.2f}", "width": f"{max(width - 0.5, 0.5):.2f}"})
        x += width
    if x < 99.5:
        drawn.append({"css": "z", "x": f"{x:.2f}", "width": f"{100 - x:.2f}"})
    return drawn
