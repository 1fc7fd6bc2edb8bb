"""What orders tell that changes when they count as delivered."""

from postpurchase.events import bus
from postpurchase.events.bus import on
from postpurchase.events.catalogue import OrderChanged, OrderRefunded
from postpurchase.lib import clock
from tracking.models import ENDED, Shipment
from tracking.rollup import roll_up

JOURNEY = {"promised_from", "promised_to", "ship_country", "shipping_address"}


@on(OrderChanged)
def lines_may_wait_no_longer(fact: OrderChanged) -> None:
    """A line was taken out or added: the parcels may carry all of the order now, or no longer."""
    bus.publish_all(roll_up([fact.order_id]))


@on(OrderChanged)
def a_promise_may_be_missed_now(fact: OrderChanged) -> None:
    """Another promise, or another place to go: the next sweep judges the order's parcels anew."""
    if JOURNEY & set(fact.fields):
        Shipment.objects.filter(order_id=fact.order_id).exclude(status__in=ENDED).update(check_at=clock.business_now())


@on(OrderRefunded)
def refunded_units_wait_for_no_parcel(fact: OrderRefunded) -> None:
    """Units that were refunded before they were shipped keep an order open no longer."""
    bus.publish_all(roll_up([fact.order_id]))
