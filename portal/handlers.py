"""What the portal's own facts set off."""

from notifications import direct
from orders.models import Order
from postpurchase.events.bus import on
from postpurchase.events.catalogue import LinkAsked
from postpurchase.lib import clock


@on(LinkAsked)
def mail_the_link(fact: LinkAsked) -> None:
    """To the address of the order, never to one that was typed in; at most once an hour."""
    order = Order.objects.filter(pk=fact.order_id).first() if fact.order_id else None
    if order and order.email:
        direct.write("tracking_link", order, dedupe=f"{clock.business_now():%Y%m%d%H}")
