"""The newest facts of the whole shop, each leading to what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import links, wording
from dashboard.orders import name_of
from integrations.carriers import directory
from notifications.models import Message
from orders.models import Order
from postpurchase.events import bus, catalogue
from postpurchase.events.models import DomainEvent
from postpurchase.ui import words
from tracking.models import Shipment

SHOWN = 10
READ = 60  # the newest events that are looked at; many tell a merchant nothing


@dataclass(frozen=True)
class Rows:
    """What the events are about, loaded at once."""

    orders: dict[UUID, Order]
    parcels: dict[UUID, Shipment]
    messages: dict[UUID, Message]


Told = tuple[Any, str, str]  # badge, title, text


def facts(request: HttpRequest) -> list[dict[str, Any]]:
    """For the list on home, newest first. Four queries."""
    events = [event for event in DomainEvent.objects.order_by("-id")[:READ] if event.kind in TELLERS and event.thread][:SHOWN]
    rows = _load(events)
    return [_row(request, event, rows) for event in events if event.thread in rows.orders and _subject(event, rows)]


def _load(events: list[DomainEvent]) -> Rows:
    subjects = [event.subject for event in events]
    threads = [event.thread for event in events]
    return Rows(
        Order.objects.select_related("customer").in_bulk(threads),
        Shipment.objects.in_bulk([pk for pk, event in zip(subjects, events, strict=True) if event.kind.startswith("shipment.")]),
        Message.objects.in_bulk([pk for pk, event in zip(subjects, events, strict=True) if event.kind.startswith("message.")]),
    )


def _subject(event: DomainEvent, rows: Rows) -> bool:
    """Whether the row that the event is about is still there."""
    if event.kind.startswith("shipment."):
        return event.subject in rows.parcels
    return event.subject in rows.messages if event.kind.startswith("message.") else True


def _row(request: HttpRequest, event: DomainEvent, rows: Rows) -> dict[str, Any]:
    order = rows.orders[event.thread]  # type: ignore[index]
    badge, title, text = TELLERS[event.kind](bus.read(event.kind, event.payload), order, rows)
    is_message = event.kind.startswith("message.")
    url = links.to(request, "message", message_id=event.subject) if is_message else links.to(request, "order", order_id=order.pk)
    return {"badge": badge, "title": title, "text": text, "url": url, "at": event.occurred_at}


def _placed(fact: Any, order: Order, rows: Rows) -> Told:
    return "placed", _("%(number)s by %(name)s") % _who(order), words.money(order.total, order.currency)


def _cancelled(fact: Any, order: Order, rows: Rows) -> Told:
    return "cancelled", _("%(number)s by %(name)s") % _who(order), order.cancel_reason


def _refunded(fact: Any, order: Order, rows: Rows) -> Told:
    said = words.money(order.refunded_total, order.currency)
    return "refunded" if fact.full else "partly_refunded", _("%(number)s to %(name)s") % _who(order), said


def _moved(fact: Any, order: Order, rows: Rows) -> Told:
    return fact.new, _("%(number)s to %(name)s") % _who(order), _carrier(fact, rows)


def _troubled(fact: Any, order: Order, rows: Rows) -> Told:
    badge = wording.FLAG_BADGES.get(fact.flag, fact.flag)
    return badge, _("%(number)s to %(name)s") % _who(order), wording.plain(wording.FLAGS, fact.flag)


def _slipped(fact: Any, order: Order, rows: Rows) -> Told:
    day = words.short_day(fact.now, weekday=True)
    badge = {"tone": "warn" if fact.slipped else "neutral", "icon": "calendar", "word": _("New day")}
    return badge, _("%(number)s to %(name)s") % _who(order), _("now expected %s") % day


def _message(fact: Any, order: Order, rows: Rows) -> Told:
    message = rows.messages[fact.message_id]
    said = {"name": wording.template(message.template), "to": name_of(order)}
    return f"message.{message.state}", _("“%(name)s” to %(to)s") % said, order.number


def _who(order: Order) -> dict[str, str]:
    return {"number": order.number, "name": name_of(order)}


def _carrier(fact: Any, rows: Rows) -> str:
    return directory.display(rows.parcels[fact.shipment_id].carrier)


TELLERS: dict[str, Callable[[Any, Order, Rows], Told]] = {
    catalogue.OrderPlaced.kind: _placed,
    catalogue.OrderCancelled.kind: _cancelled,
    catalogue.OrderRefunded.kind: _refunded,
    catalogue.ShipmentMoved.kind: _moved,
    catalogue.HealthOpened.kind: _troubled,
    catalogue.EstimateChanged.kind: _slipped,
    catalogue.MessageSent.kind: _message,
    catalogue.MessageInDoubt.kind: _message,
    catalogue.MessageFailed.kind: _message,
}
