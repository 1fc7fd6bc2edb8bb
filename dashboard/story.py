"""The story of one order: what the shop, the carriers and we ourselves did, in one line of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from postpurchase.ui import words

MOST = 200  # facts shown, the newest


@dataclass(frozen=True, kw_only=True)
class Item:
    """One fact. `kind` is what the page can be narrowed to: order, parcels, messages."""

    at: datetime
    kind: str
    icon: str
    title: str
    tone: str = ""
    text: str = ""
    badge: str = ""
    planned: bool = False
    link: dict[str, str] | None = None
    why: dict[str, Any] | None = None
    rank: int = 0  # of two facts at one instant the higher is the later


def days(items: Iterable[Item], kind: str = "") -> list[dict[str, Any]]:
    """For ui/_timeline.html: what is planned, soonest last, then day by day, newest first; `kind` leaves the others out."""
    wanted = [item for item in items if not kind or item.kind == kind]
    planned = sorted((item for item in wanted if item.planned), key=lambda item: item.at, reverse=True)
    past = sorted((item for item in wanted if not item.planned), key=lambda item: (item.at, item.rank), reverse=True)[:MOST]
    today = words.now().date()
    told = [
        {"heading": words.day(day, today, long=True), "items": [_context(item) for item in found]}
        for day, found in groupby(past, key=lambda item: words.localised(item.at).date())
    ]
    return ([{"heading": _("Planned"), "items": [_context(item) for item in planned]}] if planned else []) + told


def _context(item: Item) -> dict[str, Any]:
    shown = ("icon", "tone", "title", "text", "at", "planned", "badge", "link", "why")
    return {name: getattr(item, name) for name in shown} | {"form": "full" if item.planned else "clock", "zone": ""}
