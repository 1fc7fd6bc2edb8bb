"""One order: the story left, the facts right."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import coming, facts, links, standing, story, tales
from dashboard.forms.resend import RESENDABLE, ResendForm
from dashboard.orders import name_of
from dashboard.page import act, may, note, page, show
from notifications import direct
from notifications.models import Decision, Message
from notifications.placeholders import tracking_url
from orders.models import Line, Order
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import words
from tracking import questions
from tracking.models import Scan, Shipment


@page(Role.VIEWER)
def order(request: HttpRequest, slug: str, order_id: UUID) -> HttpResponse:
    """The whole order. `?show=parcels` or `messages` narrows its story."""
    found = get_object_or_404(_with_lines(), pk=order_id)
    every = questions.for_order(found)
    parcels, kind = standing.live(every), request.GET.get("show", "")
    items = list(chain.from_iterable(_told(request, found, every)))
    newest = {"said": _("The newest %s facts are shown.") % story.MOST, "next_url": "", "more": ""}
    context = _head(request, found, parcels) | {
        "parcels": [_parcel(request, found, parcel, place, len(parcels)) for place, parcel in enumerate(parcels, 1)],
        "parcels_note": _parcels_note(parcels),
        "kinds": _kinds(kind),
        "days": story.days(items, kind),
        "pager": newest if len(items) > story.MOST else None,
        "person": facts.person(request, found),
        "items": facts.items(found, parcels),
        "items_note": facts.items_note(found),
        **facts.money(found),
        "acts": _acts(request, found) + _evidence(request, every),
        "coming": coming.of(request, found),
    }
    return show(request, "dashboard/order.html", "orders", {"order": context})


@act(Role.AGENT)
def send(request: HttpRequest, slug: str, order_id: UUID) -> HttpResponse:
    """Write one of the repeatable messages to the shopper again. The same press twice sends one."""
    found = get_object_or_404(Order, pk=order_id)
    form = ResendForm(request.POST)
    if not form.is_valid():
        raise IllegalMove(_("Nothing was sent: this message is not one that can go again."))
    direct.again(form.cleaned_data["template"], found, once=form.cleaned_data["once"])
    told = {"message": (None, form.cleaned_data["template"])}
    note(request, "order.written", subject=ids.to_public("ord", found.pk), words=found.number, changes=told)
    notes.success(request, _("It goes out now, to %s.") % found.email)
    return redirect(links.to(request, "order", order_id=order_id))


def _with_lines() -> QuerySet[Order]:
    lines = Prefetch("lines", Line.objects.filter(removed_at=None).order_by("position"))
    return Order.objects.select_related("customer").prefetch_related(lines)


def _told(request: HttpRequest, found: Order, parcels: list[Shipment]) -> Iterator[Iterator[story.Item]]:
    """Every fact of the order, by who made it."""
    name = _names(parcels)
    yield tales.of_order(found, found.changes.order_by("-id")[: story.MOST], found.refunds.order_by("id")[: story.MOST])
    yield tales.of_parcels(parcels, name)
    for parcel in parcels:
        yield tales.of_scans(parcel.scans.all(), name)
        yield tales.of_health(parcel.health_intervals.all(), name)
        yield tales.of_estimates(parcel.estimates.all(), name)
    written = list(Message.objects.filter(order=found).defer("context").order_by("-id")[: story.MOST])
    decisions = {row.message_id: row for row in Decision.objects.filter(message__in=written) if row.message_id}
    yield tales.of_messages(written, decisions, name, lambda one: links.to(request, "message", message_id=one.pk))


def _names(parcels: list[Shipment]) -> tales.Named:
    """What each parcel is called."""
    known = {parcel.pk: _("Parcel %s") % place for place, parcel in enumerate(parcels, 1)}
    return lambda pk: _("The parcel") if len(parcels) == 1 else known.get(pk, _("A parcel"))


def _head(request: HttpRequest, found: Order, parcels: list[Shipment]) -> dict[str, Any]:
    look = standing.of_order(found, parcels, _brand(request))
    several = ngettext("%(n)s parcel", "%(n)s parcels", len(parcels)) % {"n": len(parcels)}
    return {
        "number": found.number,
        "badge": look.badge,
        "badge_word": look.word,
        "test": found.test,
        "shopper": name_of(found),
        "parcels_text": several if parcels else _("no parcel yet"),
        "currency": found.currency,
        "total_minor": found.total,
        "placed_at": found.placed_at,
        "orders_url": links.to(request, "orders"),
        "tracking_url": tracking_url(found, _brand(request)),
    }


def _brand(request: HttpRequest) -> Brand:
    brand: Brand = request.brand  # type: ignore[attr-defined]
    return brand


def _parcel(request: HttpRequest, found: Order, parcel: Shipment, place: int, count: int) -> dict[str, Any]:
    brand, seen = _brand(request), next(iter(parcel.scans.all()), None)
    look = standing.of_parcel(parcel, found, brand)
    carrier = parcel.carrier_name
    named = _("%(n)s of %(count)s · %(carrier)s") % {"n": place, "count": count, "carrier": carrier}
    return {
        "name": named if count > 1 else carrier,
        "number": parcel.number,
        "url": parcel.carrier_url,
        "asked_at": parcel.polled_at,
        "asks_at": parcel.poll_at if parcel.polled_at else None,
        "latest_text": _latest(seen) if seen else _("Not scanned yet"),
        "badge": look.badge,
        "badge_word": look.word,
        "promised": standing.due_on(parcel, found),
        "expected": standing.expected_on(parcel, found, brand),
        "expected_text": words.short_day(words.localised(parcel.delivered_at).date(), weekday=True) if parcel.delivered_at else "",
    }


def _latest(scan: Scan) -> str:
    when = words.moment(words.localised(scan.occurred_at), words.now())
    return " · ".join(part for part in (scan.place, when, scan.text) if part)


def _parcels_note(parcels: list[Shipment]) -> str:
    states: dict[str, int] = defaultdict(int)
    for parcel in parcels:
        states["delivered" if parcel.delivered_at else "open"] += 1
    said = [(_("%s delivered"), states["delivered"]), (_("%s to come"), states["open"])]
    return ", ".join(text % n for text, n in said if n)


def _kinds(current: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "parcels": _("Parcels"), "messages": _("Messages")}
    return [{"label": label, "url": f"?show={kind}" if kind else "?", "current": kind == current} for kind, label in labels.items()]


def _evidence(request: HttpRequest, parcels: list[Shipment]) -> list[dict[str, Any]]:
    """What is known of each parcel, as a signed file."""
    if not may(request, Role.AGENT):
        return []
    return [
        {
            "label": _("Evidence for %s") % (parcel.number or _("the parcel")),
            "icon": "shield-check",
            "url": links.to(request, "evidence", parcel_id=parcel.pk),
            "fields": [{"name": "form", "value": "pdf"}],
        }
        for parcel in parcels
    ]


def _acts(request: HttpRequest, found: Order) -> list[dict[str, Any]]:
    if not may(request, Role.AGENT) or not found.email or found.cancelled_at:
        return []
    url, once = links.to(request, "order-send", order_id=found.pk), ids.random_token()
    fields = [{"name": "once", "value": once}]
    return [
        {"label": str(label), "icon": "send", "url": url, "fields": [*fields, {"name": "template", "value": name}]}
        for name, label in RESENDABLE
    ]
