"""Facts of an order, of its parcels and of its messages, each told as an item of the story."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard import why, wording
from dashboard.story import Item
from notifications.models import Decision, Message, State
from orders.models import Order, OrderChange, Refund
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for
from tracking.estimates import OURS
from tracking.models import EstimateSnapshot, HealthInterval, Scan, Shipment, Status

TONES: dict[str, str] = {
    Status.DELIVERED: "ok",
    Status.EXCEPTION: "bad",
    Status.LOST_OR_DESTROYED: "bad",
    Status.ATTEMPT_FAILED: "warn",
    Status.RETURNING: "warn",
}
FATES: dict[str, tuple[str, str]] = {  # state -> tone, icon
    State.SENT: ("ok", "mail-check"),
    State.UNKNOWN: ("bad", "circle-help"),
    State.FAILED: ("bad", "mail-x"),
    State.DUE: ("", "calendar-clock"),
    State.HELD: ("warn", "pause"),
    State.CLAIMED: ("accent", "send"),
    State.HANDING: ("accent", "send"),
}
Named = Callable[[UUID], str]  # a parcel's id -> "Parcel 1", or "The parcel" where there is one only


def of_order(order: Order, changes: Iterable[OrderChange], refunds: Iterable[Refund]) -> Iterator[Item]:
    """Placed, changed, refunded, cancelled."""
    yield Item(
        at=order.placed_at,
        kind="order",
        icon="store",
        title=_("Order placed"),
        text=_("Channel: %s") % order.channel if order.channel else "",
        rank=-1,
    )
    for change in changes:
        fields = dict.fromkeys(column.partition("/")[0] for column in change.changed)
        if said := ", ".join(str(wording.FIELDS[field]) for field in fields if field in wording.FIELDS):
            yield Item(at=change.source_updated_at, kind="order", icon="pencil", title=_("The shop changed the order"), text=said)
    for refund in refunds:
        title = _("%s refunded") % words.money(refund.amount, order.currency)
        yield Item(at=refund.processed_at, kind="order", icon="undo-2", title=title, text=refund.reason)
    if order.cancelled_at:
        because = _("Reason: %s") % order.cancel_reason if order.cancel_reason else ""
        yield Item(at=order.cancelled_at, kind="order", icon="ban", tone="warn", title=_("Order cancelled"), text=because)


def of_parcels(parcels: Iterable[Shipment], name: Named) -> Iterator[Item]:
    """Announced to a carrier, taken back."""
    for parcel in parcels:
        carrier = f"{parcel.carrier_name} {parcel.number}".strip()
        at = parcel.shipped_at or parcel.created_at
        yield Item(at=at, kind="parcels", icon="package", title=_("%s: label made") % name(parcel.pk), text=carrier)
        if parcel.cancelled_at:
            title = _("The shop took %s back") % name(parcel.pk)
            yield Item(at=parcel.cancelled_at, kind="parcels", icon="ban", tone="warn", title=title)


def of_arrivals(parcels: Iterable[Shipment], name: Named) -> Iterator[Item]:
    """Delivered: where a story is too long for every scan."""
    for parcel in parcels:
        if parcel.delivered_at:
            title = _("%s: delivered") % name(parcel.pk)
            yield Item(
                at=parcel.delivered_at, kind="parcels", icon="circle-check", tone="ok", title=title, text=parcel.carrier_name, rank=1
            )


def of_scans(scans: Iterable[Scan], name: Named) -> Iterator[Item]:
    """What carriers saw."""
    for scan in scans:
        status = str(badge_for(scan.status).word) if scan.status else _("Scanned")
        yield Item(
            at=scan.occurred_at,
            kind="parcels",
            icon=badge_for(scan.status).icon if scan.status else "circle-dot",
            tone=TONES.get(scan.status, "accent" if scan.status else ""),
            title=f"{name(scan.shipment_id)}: {words.inside(status)}",
            text=" · ".join(part for part in (scan.text, scan.place) if part),
            rank=1,
        )


def of_health(intervals: Iterable[HealthInterval], name: Named) -> Iterator[Item]:
    """Problems, when they were seen and when they were over."""
    for one in intervals:
        said = wording.plain(wording.FLAGS, one.flag)
        yield Item(at=one.opened_at, kind="parcels", icon="hourglass", tone="warn", title=said, text=name(one.shipment_id), rank=2)
        if one.resolved_at:
            title = _("No longer: %s") % words.inside(said)
            yield Item(at=one.resolved_at, kind="parcels", icon="check", title=title, text=name(one.shipment_id), rank=3)


def of_estimates(snapshots: Iterable[EstimateSnapshot], name: Named) -> Iterator[Item]:
    """Each day of arrival that was told. Oldest first in, so that a later day can be told as a slip."""
    before: dict[UUID, EstimateSnapshot] = {}
    for one in snapshots:
        was, before[one.shipment_id] = before.get(one.shipment_id), one
        day = words.short_day(one.expected_on, weekday=True)
        if was is None:
            title, tone = _("%(parcel)s: expected %(day)s") % {"parcel": name(one.shipment_id), "day": day}, ""
        else:
            said = {"parcel": name(one.shipment_id), "was": words.short_day(was.expected_on, weekday=True), "day": day}
            title = _("%(parcel)s: now expected %(day)s, was %(was)s") % said
            tone = "warn" if one.expected_on > was.expected_on else "ok"
        text = _("Our own estimate") if one.source == OURS else _("Said by the %s") % one.source
        yield Item(at=one.told_at, kind="parcels", icon="calendar", tone=tone, title=title, text=text)


def of_messages(messages: Iterable[Message], decisions: dict[UUID, Decision], name: Named, url: Callable[[Message], str]) -> Iterator[Item]:
    """What was written to the shopper, what was not, and what is planned."""
    for one in messages:
        tone, icon = FATES.get(one.state, ("warn", "mail-x"))
        decision = decisions.get(one.pk)
        planned = one.state in (State.DUE, State.HELD)
        told = wording.reason(one.reason) or one.subject
        parts = (told, name(one.shipment_id) if one.shipment_id else "")
        yield Item(
            at=one.sent_at or (one.due_at if planned or not decision else decision.decided_at),
            kind="messages",
            icon=wording.ICONS.get(one.template, icon) if planned else icon,
            tone=tone,
            title=wording.template(one.template),
            text=" · ".join(part for part in parts if part),
            badge=f"message.{one.state}",
            planned=planned,
            link={"url": url(one), "label": pgettext("a link", "Open")},
            why=why.box(one, decision, url(one)),
            rank=4,
        )
