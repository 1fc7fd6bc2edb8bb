"""The stars that shoppers choose on their page, on the way to where the shop collects reviews: one choice for each order, the latest."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from desk.models import Stars
from orders.models import Order
from postpurchase.lib import clock

MOST = 5


def choose(order_id: UUID, stars: int) -> None:
    """Keep that this order's shopper chose so many, 1 to MOST. Test orders count nothing. Safe to repeat."""
    if Order.objects.filter(pk=order_id, test=False).exists():
        Stars.objects.update_or_create(order_id=order_id, defaults={"stars": stars, "at": clock.business_now()})


def since(start: datetime) -> dict[int, int]:
    """Stars -> orders whose shopper chose so many from then on; every number of stars is there."""
    found = dict(Stars.objects.filter(at__gte=start).order_by().values_list("stars").annotate(n=Count("pk")))
    return {stars: found.get(stars, 0) for stars in range(MOST, 0, -1)}
