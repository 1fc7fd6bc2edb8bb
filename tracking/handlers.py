"""What orders tell that changes when they count as delivered."""

from postpurchase.events import bus
from postpurchase.events.bus import on
from postpurchase.events.catalogue import OrderChanged, OrderRefunded
from tracking.rollup import roll_up


@on(OrderChanged)
def lines_may_wait_no_longer(fact: OrderChanged) -> None:
    """A line was taken out or added: the parcels may carry all of the order now, or no longer."""
    bus.publish_all(roll_up([fact.order_id]))


@on(OrderRefunded)
def refunded_units_wait_for_no_parcel(fact: OrderRefunded) -> None:
    """Units that were refunded before they were shipped keep an order open no longer."""
    bus.publish_all(roll_up([fact.order_id]))
