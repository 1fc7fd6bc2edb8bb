"""One delivery that came in: what was sent, what became of it, what it made, and once more."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links
from dashboard.inbox import badge_of, note_of
from dashboard.page import act, may, note, page, show
from integrations.connections import keep, replay
from integrations.connections.replay import AGAIN
from integrations.models import Delivery, InboundDelivery
from orders.models import Order, Refund
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from tracking.models import Shipment

SHOWN = 100  # of what it made
LONGEST = 200_000  # characters of a body that are drawn
BY_ORDER = ("order", "deletion")
BY_PARCEL = ("shipment", "scan", "estimate")


@page(Role.VIEWER)
def delivery(request: HttpRequest, slug: str, inbound_id: UUID) -> HttpResponse:
    """The whole delivery. What was sent holds more of people than any page shows: owners and admins see it, the others what it made."""
    row = _found(inbound_id)
    results: list[dict[str, Any]] = row.result or []
    whole = may(request, Role.ADMIN)
    again = whole and row.state in AGAIN and bool(row.body) and not row.connection.paused_at
    context = {
        "name": row.topic or _("No topic"),
        "badge": badge_of(row),
        "note": note_of(row),
        "connection": {"name": row.connection.label, "url": links.to(request, "connection", connection_id=row.connection_id)},
        "connections_url": links.to(request, "connections"),
        "again_url": links.to(request, "inbound-again", inbound_id=row.pk) if again else "",
        "whole": whole,
        "erased": not row.body,
        **(_sent(row) if whole else {"pretty": "", "raw": "", "headers": "", "cut": False, "answer": ""}),
        "made": _made(request, results),
        "facts": _facts(row),
    }
    return show(request, "dashboard/inbound.html", "connections", {"delivery": context})


@act(Role.ADMIN)
def again(request: HttpRequest, slug: str, inbound_id: UUID) -> HttpResponse:
    """Read it once more."""
    row = _found(inbound_id)
    if not replay.again(row.connection, [row.pk]):
        raise IllegalMove(_("It was erased, or is being read already."))
    words = str(row.connection)
    note(request, "connection.read_again", subject=to_public("ind", row.pk), words=words, changes={"rows": (None, 1)})
    notes.success(request, _("It is read again within seconds. Load this page again to see what came of it."))
    return redirect(links.to(request, "inbound-delivery", inbound_id=inbound_id))


def _found(inbound_id: UUID) -> InboundDelivery:
    rows = InboundDelivery.objects.select_related("connection").filter(connection__in=keep.kept().order_by())
    return get_object_or_404(rows, pk=inbound_id)


def _sent(row: InboundDelivery) -> dict[str, Any]:
    """The body as it came and laid out, the headers, and what a person who asked is to be told."""
    raw = bytes(row.body).decode(errors="replace")
    try:
        pretty = json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except ValueError:
        pretty = ""
    answers = [one["export"] for one in row.result or [] if one.get("export")]
    return {
        "pretty": pretty[:LONGEST],
        "raw": raw[:LONGEST],
        "cut": len(pretty) > LONGEST or len(raw) > LONGEST,
        "headers": "\n".join(f"{name}: {value}" for name, value in sorted(row.headers.items())),
        "answer": json.dumps(answers, indent=2, ensure_ascii=False)[:LONGEST] if answers else "",
    }


def _made(request: HttpRequest, results: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What each of its facts came to, with a link to the order that it is about. Three queries."""
    results = results[:SHOWN]
    orders = _known(Order, results, BY_ORDER, "pk") | _known(Refund, results, ("refund",), "order_id")
    orders |= _known(Shipment, results, BY_PARCEL, "order_id")
    return [_result(request, one, orders) for one in results]


def _known(model: Any, results: list[dict[str, Any]], items: tuple[str, ...], order: str) -> dict[str, UUID]:
    """Id of a row, as the result names it -> its order."""
    ids = [one["id"] for one in results if one["item"] in items and one.get("id")]
    return {str(pk): order_id for pk, order_id in model.objects.filter(pk__in=ids).values_list("pk", order) if order_id}


def _result(request: HttpRequest, one: dict[str, Any], orders: dict[str, UUID]) -> dict[str, str]:
    order_id = orders.get(one.get("id") or "")
    return {
        "item": _items().get(one["item"], one["item"]),
        "name": one.get("external_id", ""),
        "url": links.to(request, "order", order_id=order_id) if order_id else "",
        "badge": f"outcome.{one['outcome']}",
        "errors": "; ".join(f"{error['pointer']}: {error['message']}" for error in one.get("errors", [])),
    }


def _items() -> dict[str, str]:
    return {
        "customer": _("Customer"),
        "order": _("Order"),
        "refund": _("Refund"),
        "shipment": _("Parcel"),
        "scan": _("Scan"),
        "estimate": _("Expected day"),
        "deletion": _("Deleted order"),
        "consent": _("Consent"),
        "privacy request": _("Privacy request"),
        "closure": _("Shop closed"),
    }


def _facts(row: InboundDelivery) -> list[dict[str, Any]]:
    waits = row.state in (Delivery.DUE, Delivery.PARKED)
    found: list[dict[str, Any]] = [
        {"label": _("Received"), "value": "", "at": row.received_at, "mono": False},
        {"label": _("Read"), "value": "" if row.processed_at else _("Not yet"), "at": row.processed_at, "mono": False},
        {"label": _("Tries"), "value": str(row.attempts), "at": None, "mono": False},
        {"label": _("Topic"), "value": row.topic or "–", "at": None, "mono": True},
        {"label": _("Sender’s id"), "value": row.delivery_id, "at": None, "mono": True},
        {"label": _("Id"), "value": to_public("ind", row.pk), "at": None, "mono": True},
    ]
    if waits:
        found.insert(2, {"label": _("Looked at again"), "value": "", "at": row.due_at, "mono": False})
    return found
