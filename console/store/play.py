"""Plays acts through the product's own intake, on a business clock that jumps from one moment to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from orders.intake import record_orders
from orders.refunds import record_refunds
from tracking.estimates import record_estimates
from tracking.health import check_due
from tracking.scans import record_scans
from tracking.shipments import record_shipments

from console.store.life import Act
from integrations.senders.base import Sender
from integrations.types import EstimateData, OrderData, OrderRefundData, ScanData, ShipmentData
from notifications import dispatch
from postpurchase.events.tasks import BATCH, relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

VERBS = (
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
    step: timedelta,
    progress: Callable[[datetime], None] = lambda at: None,
) -> None:
    """Tell the product everything up to `until`, a step of business time at a time; after each step facts are relayed and messages sent."""
    rest = sorted(acts, key=lambda act: act.at)
    place = 0
    while hands.at < until:
        hands.move_to(min(until, hands.at + step))
        end = place
        while end < len(rest) and rest[end].at <= hands.at:
            end += 1
        _tell(merchant_id, connection_id, rest[place:end])
        place = end
        settle(merchant_id, sender)
        progress(hands.at)


def _tell(merchant_id: UUID, connection_id: UUID, acts: Sequence[Act]) -> None:
    with eager.collected():  # the nudges: settle() does their work
        for kind, verb in VERBS:
            items = [act.item for act in acts if isinstance(act.item, kind)]
            if items:
                with in_merchant(merchant_id):
                    verb(items, connection_id=connection_id)  # type: ignore[operator]


def settle(merchant_id: UUID, sender: Sender) -> None:
    """Do all that is due at this moment of business time: health, facts, messages."""
    with eager.collected():
        with in_merchant(merchant_id):
            check_due()
        taken = 1
        while taken:
            while relay_batch(merchant_id) == BATCH:
                pass
            taken = dispatch.drain(sender)
