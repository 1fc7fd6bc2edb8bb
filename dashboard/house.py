"""Where each page stands: the entries of the rail, and the pages that share one, side by side as tabs."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard import links
from postpurchase.tenancy.models import Role
from postpurchase.tenancy.permissions import RANK


@dataclass(frozen=True)
class Room:
    """An entry of the rail. It leads to the first of its pages that the person's role opens; `key` is pressed after g."""

    words: str | Promise
    icon: str
    key: str
    pages: dict[str, str | Promise] = field(default_factory=dict)


DAILY = (
    Room(_("Home"), "house", "h", {"home": ""}),
    Room(_("Orders"), "package", "o", {"orders": ""}),
    Room(
        _("Parcels"),
        "truck",
        "p",
        {
            "shipments": _("All parcels"),
            "work": _("Need you"),
            "requests": _("Requests"),
            "promises": _("Promises"),
            "asked": _("Questions"),
            "limits": _("Limits"),
            "codes": _("Codes"),
        },
    ),
    Room(
        _("Messages"),
        "mail",
        "m",
        {"messages": _("All messages"), "designs": _("Designs"), "rules": _("Rules"), "suppressions": _("Not written to")},
    ),
    Room(_("Customers"), "user", "c", {"customers": ""}),
    Room(_("Flows"), "workflow", "f", {"flows": _("All flows"), "results": _("Results")}),
)
HOUSE = (
    Room(_("Connections"), "plug", "n", {"connections": ""}),
    Room(_("Import and export"), "download", "i", {"imports": _("Imports"), "exports": _("Exports")}),
    Room(_("Developers"), "code", "w", {"webhooks": _("Webhooks"), "keys": _("API keys")}),
    Room(_("Team"), "users", "t", {"team": ""}),
    Room(
        _("Settings"),
        "settings",
        "s",
        {
            "settings": _("Shop"),
            "brand": _("Brand"),
            "tracking-page": _("Tracking page"),
            "points": _("Pick-up points"),
            "alerts": _("Alerts"),
            "domains": _("Domains"),
            "sms": _("Text messages"),
            "usage": _("Usage"),
            "audit": _("Audit log"),
        },
    ),
)


def rail(request: HttpRequest, section: str, counts: dict[str, int]) -> list[list[dict[str, Any]]]:
    """The two lists of the rail; `counts` says how many rows of a page need somebody."""
    return [[entry for room in rooms if (entry := _entry(request, room, section, counts))] for rooms in (DAILY, HOUSE)]


def tabs(request: HttpRequest, section: str) -> dict[str, Any] | None:
    """The pages beside this one, on the pages themselves and not on what lies behind them: {label, tabs}."""
    for room in (*DAILY, *HOUSE):
        found = [
            {"label": words, "url": url, "count": None, "current": name == section}
            for name, words in room.pages.items()
            if section in room.pages and (url := _opened(request, name))
        ]
        if len(found) > 1 and request.path in [tab["url"] for tab in found]:
            return {"label": room.words, "tabs": found}
    return None


def _entry(request: HttpRequest, room: Room, section: str, counts: dict[str, int]) -> dict[str, Any] | None:
    urls = [url for name in room.pages if (url := _opened(request, name))]
    if not urls:
        return None
    count = sum(counts.get(name, 0) for name in room.pages)
    return {"label": room.words, "icon": room.icon, "url": urls[0], "count": count, "key": room.key, "current": section in room.pages}


def _opened(request: HttpRequest, name: str) -> str:
    """The page's address, '' where the person's role does not open it."""
    return links.to(request, name) if RANK[Role(request.member.role)] >= RANK[_needed(name)] else ""  # type: ignore[attr-defined]


@cache
def _needed(name: str) -> Role:
    """The role that the page asks for: asked of the view itself, so that no second list can differ."""
    found: Role = resolve(reverse(f"dashboard:{name}", kwargs={"slug": "any"})).func.needs_role  # type: ignore[attr-defined]
    return found
