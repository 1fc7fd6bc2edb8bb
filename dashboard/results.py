"""What came of all flows, beside each other; and what every page of results shares: rows, amounts, files."""

import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from dashboard import links, periods
from dashboard.page import page, show
from notifications.models import Flow
from notifications.results import counts
from notifications.results.counts import Result, by_flow, total
from postpurchase.lib.money import to_decimal
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from tracking import zones
from transfers.exporting.form import BOM, as_csv

MOST = 200  # flows on the page; a merchant starts with eighteen
SORTS = ("revenue", "orders", "sent", "clicked", "left")
Row = dict[str, Any]


@page(Role.VIEWER)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Every flow that sent something or is on. `?sort=` orders them, largest first; `?as=csv` is the same as a file."""
    chosen, sort = periods.chosen(request), request.GET.get("sort", "")
    sort = sort if sort in SORTS else SORTS[0]
    found = by_flow(chosen.period)
    flows = [one for one in Flow.objects.exclude(live=None).order_by("position", "id")[:MOST] if one.enabled or one.pk in found]
    whole = total(found.values())
    named = [(_(one.name), one.key, found.get(one.pk, Result())) for one in flows]
    named.sort(key=lambda row: _rank(row[2], sort, main_currency(whole)), reverse=True)
    if request.GET.get("as") == "csv":
        return as_file("results", chosen, ((name, key, result) for name, key, result in named))
    heads = [(name, word, links.changed(request.GET, sort="" if name == SORTS[0] else name), name == sort) for name, word in _heads()]
    rows = [row_of(result, name) | {"url": links.to(request, "flow-results", chosen.query, key=key)} for name, key, result in named]
    context = shared(request, chosen, whole) | {"rows": rows, "heads": heads, "any": bool(flows)}
    return show(request, "dashboard/results.html", "results", {"results": context})


def _heads() -> list[tuple[str, str]]:
    return [
        ("sent", _("Sent")), ("", _("Delivered")), ("", _("Opened")), ("clicked", _("Clicked")), ("orders", _("Orders")),
        ("revenue", _("Revenue")), ("left", _("Unsubscribed")),
    ]  # fmt: skip


def _rank(result: Result, sort: str, currency: str) -> tuple[int, int]:
    first = result.revenue.get(currency, 0) if sort == "revenue" else getattr(result, sort)
    return first, result.sent


def main_currency(whole: Result) -> str:
    """The currency of the largest amount: rows in other currencies cannot be put in one order with it, and follow."""
    return max(whole.revenue, key=lambda one: to_decimal(whole.revenue[one], one), default="")


def shared(request: HttpRequest, chosen: periods.Chosen, whole: Result) -> dict[str, Any]:
    """What both pages show: the period, the sums, the rule by which orders are credited, the file."""
    return {
        "tabs": chosen.tabs,
        "form": chosen.form,
        "said": chosen.said,
        "file_url": links.changed(request.GET, **{"as": "csv"}),
        "stats": _stats(whole),
        "clicks": counts.CLICK_DAYS,
        "sent": whole.sent,
    }


def _stats(whole: Result) -> list[dict[str, str]]:
    said = [
        (_("Sent"), words.number(whole.sent), _("%s SMS") % words.number(whole.texts) if whole.texts else ""),
        (_("Opened"), *_of(whole.opened, whole.sent - whole.texts)),
        (_("Clicked"), *_of(whole.clicked, whole.sent)),
        (_("Orders by last touch"), words.number(whole.orders), ", ".join(amounts(whole))),
    ]
    return [{"label": label, "value": value, "unit": "", "note": note, "url": ""} for label, value, note in said]


def _of(part: int, whole: int) -> tuple[str, str]:
    return words.number(part), words.percent(part / whole, digits=1) if whole > 0 else ""


def row_of(result: Result, name: str) -> Row:
    """A row of a table of results: each count with its share of what was sent, '–' for what cannot be known."""
    mails = result.sent - result.texts
    cells = [
        _cell(result.sent, 0),
        _cell(result.delivered, result.sent) if result.delivered else ("–", ""),
        _cell(result.opened, mails) if mails else ("–", ""),
        _cell(result.clicked, result.sent),
        _cell(result.orders, result.sent),
    ]
    return {"name": name, "cells": cells, "amounts": amounts(result), "left": _cell(result.left, result.sent)}


def _cell(part: int, whole: int) -> tuple[str, str]:
    return words.number(part), words.percent(part / whole, digits=1) if part and whole else ""


def amounts(result: Result) -> list[str]:
    """What was earned less refunds, the largest first, one for each currency."""
    largest = sorted(result.revenue, key=lambda one: -to_decimal(result.revenue[one], one))
    return [words.money(result.revenue[currency], currency) for currency in largest]


FILE = ("sent", "delivered", "opened", "clicked", "orders", "unsubscribed")


def as_file(name: str, chosen: periods.Chosen, rows: Iterable[tuple[str, str, Result]], more: Iterable[list[Any]] = ()) -> HttpResponse:
    """The rows (name, key, result) as CSV: a line for each currency, its amount with a decimal point. Counts stand on the first alone.
    `more`: lines that follow.
    """
    told: list[list[Any]] = [["name", "key", *FILE, "currency", "revenue"]]
    for label, key, one in rows:
        numbers: list[Any] = [one.sent, one.delivered, one.opened, one.clicked, one.orders, one.left]
        for currency in sorted(one.revenue) or [""]:
            amount = str(to_decimal(one.revenue[currency], currency)) if currency else ""
            told.append([label, key, *numbers, currency, amount])
            numbers = [None] * len(FILE)
    text = io.BytesIO(BOM.encode() + as_csv([*told, *more], zones.named("UTC")))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers={"Cache-Control": "private, no-store"})
    response["Content-Disposition"] = f'attachment; filename="{name}-{chosen.period.since:%Y-%m-%d}.csv"'
    return response
