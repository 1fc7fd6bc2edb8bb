"""Plays acts through the product's own intake, on a business clock that jumps from one moment to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from console.store.life import Act
from integrations.senders.base import Sender
from integrations.types import EstimateData, OrderData, OrderRefundData, ScanData, ShipmentData
from notifications import awake, dispatch
from orders.intake import record_orders
from orders.refunds import record_refunds
from postpurchase.events.tasks import GIVE_UP, relay_batch
from postpurchase.jobs import eager
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant, let_next_commit
from postpurchase.tenancy.statement import execute
from tracking.estimates import record_estimates
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
AHEAD = """
SELECT (SELECT min(due_at) FROM notifications_message WHERE merchant_id = %(merchant)s AND state = 'due'),
  (SELECT min(wake_at) FROM notifications_enrolment WHERE merchant_id = %(merchant)s AND state = 'active'),
  (SELECT min(check_at) FROM tracking_shipment WHERE merchant_id = %(merchant)s),
  EXISTS (SELECT FROM events_domainevent WHERE merchant_id = %(merchant)s AND relayed_at IS NULL AND attempts < %(most)s
    AND (retry_at IS NULL OR retry_at <= %(machine)s))"""


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
    place, later = 0, coming(merchant_id).next
    while hands.at < until:
        moments = [moment for moment in (rest[place].at if place < len(rest) else None, later) if moment]
        hands.move_to(min(until, max(hands.at + pace(hands.at), min(moments, default=until))))
        end = place
        while end < len(rest) and rest[end].at <= hands.at:
            end += 1
        tell(merchant_id, connection_id, rest[place:end])
        place = end
        later = settle(merchant_id, sender)
        progress(hands.at)


class Ahead(NamedTuple):
    """When the next planned message, the next step of a flow and the next look at a parcel are due; and whether facts wait."""

    message: datetime | None
    step: datetime | None
    parcel: datetime | None
    facts: bool

    @property
    def next(self) -> datetime | None:
        """The first of them; None where nothing is ahead."""
        return min((at for at in self[:3] if at), default=None)


def coming(merchant_id: UUID) -> Ahead:
    """What is ahead, in one question: a simulation asks it at every stop of the clock."""
    with in_merchant(merchant_id):
        let_next_commit()
        return Ahead(*execute(AHEAD, most=GIVE_UP, machine=clock.machine_now())[0])


def tell(merchant_id: UUID, connection_id: UUID, acts: Sequence[Act]) -> None:
    """Give the intake what happened."""
    with eager.collected():  # the nudges: settle() does their work
        for kind, verb in VERBS:
            items = [act.item for act in acts if isinstance(act.item, kind)]
            if items:
                with in_merchant(merchant_id):
                    verb(items, connection_id=connection_id)


def settle(merchant_id: UUID, sender: Sender) -> datetime | None:
    """Do all that is due at this moment of business time: health, facts, steps of flows, messages. Returns when there is more to do."""
    with eager.collected():
        while _do(merchant_id, sender, ahead := coming(merchant_id), clock.business_now()):
            pass
    return ahead.next


def _do(merchant_id: UUID, sender: Sender, ahead: Ahead, now: datetime) -> int:
    """The first kind of work that is due; how much of it was done."""
    if ahead.parcel and ahead.parcel <= now:
        return check_batch(merchant_id)
    if ahead.facts:
        return relay_batch(merchant_id)
    woken = awake.wake_portion(merchant_id) if ahead.step and ahead.step <= now else 0
    return woken or (dispatch.drain(sender) if ahead.message and ahead.message <= now else 0)
