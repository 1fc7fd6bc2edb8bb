"""Plays acts through the product's own intake, on a business clock that jumps from one moment to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from console.store.life import Act
from integrations.senders.base import Sender
from integrations.types import EstimateData, OrderData, OrderRefundData, ScanData, ShipmentData
from notifications import awake, dispatch
from notifications.models import Enrolment, Message, State
from orders.intake import record_orders
from orders.refunds import record_refunds
from postpurchase.events.tasks import BATCH, relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant
from tracking.estimates import record_estimates
from tracking.models import Shipment
from tracking.scans import record_scans
from tracking.shipments import record_shipments
from tracking.tasks import check_batch

VERBS: tuple[tuple[type, Callable[..., object]], ...] = (
    (OrderData, record_orders),
    (ShipmentData, record_shipments),
    (EstimateData, record_estimates),
    (ScanData, record_scans),
    (OrderRefundData, record_refunds),
)


def play(
    merchant_id: UUID,
    connection_id: UUID,
    acts: Sequence[Act],
    hands: clock.Hands,
    sender: Sender,
    *,
    until: datetime,
    pace: Callable[[datetime], timedelta] = lambda at: timedelta(minutes=1),
    progress: Callable[[datetime], None] = lambda at: None,
) -> None:
    """Tell the product everything up to `until`. The clock jumps to the next moment at which anything happens, at least `pace` of now ahead.

    At each stop what happened is told, facts are relayed, parcels judged and messages sent.
    """
    rest = sorted(acts, key=lambda act: act.at)
    place = 0
    while hands.at < until:
        moments = [moment for moment in (rest[place].at if place < len(rest) else None, *coming(merchant_id)) if moment]
        hands.move_to(min(until, max(hands.at + pace(hands.at), min(moments, default=until))))
        end = place
        while end < len(rest) and rest[end].at <= hands.at:
            end += 1
        tell(merchant_id, connection_id, rest[place:end])
        place = end
        settle(merchant_id, sender)
        progress(hands.at)


def coming(merchant_id: UUID) -> tuple[datetime | None, ...]:
    """When the next planned message, the next step of a flow and the next look at a parcel are due."""
    with in_merchant(merchant_id):
        message = Message.objects.filter(state=State.DUE).aggregate(at=Min("due_at"))["at"]
        step = Enrolment.objects.filter(state=Enrolment.ACTIVE).aggregate(at=Min("wake_at"))["at"]
        return message, step, Shipment.objects.filter(check_at__isnull=False).aggregate(at=Min("check_at"))["at"]


def tell(merchant_id: UUID, connection_id: UUID, acts: Sequence[Act]) -> None:
    """Give the intake what happened."""
    with eager.collected():  # the nudges: settle() does their work
        for kind, verb in VERBS:
            items = [act.item for act in acts if isinstance(act.item, kind)]
            if items:
                with in_merchant(merchant_id):
                    verb(items, connection_id=connection_id)


def settle(merchant_id: UUID, sender: Sender) -> None:
    """Do all that is due at this moment of business time: health, facts, steps of flows, messages."""
    with eager.collected():
        check_batch(merchant_id)
        taken = 1
        while taken:
            while relay_batch(merchant_id) == BATCH:
                pass
            taken = awake.wake_portion(merchant_id) + dispatch.drain(sender)
