"""Where is my order: how often shoppers ask, and whether they were told of a delay before they had to."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce

from desk.models import Asked
from notifications.models import Engagement, Message
from orders.models import Order
from postpurchase.lib import clock

OF_DELAY = "delayed"  # the template that tells of one


class Questions(NamedTuple):
    """Of a time. `told_first`: orders that were late, of which we wrote so before anybody asked, or where nobody did."""

    orders: int
    asking_orders: int
    times: int
    late: int
    told_first: int
    asked_first: int  # late, and asked for before we wrote of it
    clicks: int  # by people, on links of messages


def note_late(orders: Collection[UUID]) -> None:
    """These orders are late; the first time counts."""
    now = clock.business_now()
    _make(orders, now)
    Asked.objects.filter(order__in=orders, late_at=None).update(late_at=now)


def note_asked(orders: Iterable[UUID]) -> None:
    """Somebody asked for these orders, once for each time that one stands here."""
    now, times = clock.business_now(), Counter(orders)
    _make(times, now)
    Asked.objects.filter(order__in=times, asked_at=None).update(asked_at=now)
    for often in set(times.values()):
        alike = [order for order, count in times.items() if count == often]
        Asked.objects.filter(order__in=alike).update(times=F("times") + often)


def since(start: datetime) -> Questions:
    """From then on. Three statements."""
    written = Message.objects.filter(
        order=OuterRef("order"), template=OF_DELAY, sent_at__lte=Coalesce(OuterRef("asked_at"), Value(clock.business_now()))
    )
    late = Q(late_at__isnull=False)
    found = (
        Asked.objects.filter(at__gte=start)
        .annotate(told=Exists(written))
        .aggregate(
            asking_orders=Count("id", filter=Q(asked_at__isnull=False)),
            times=Coalesce(Sum("times"), 0),
            late=Count("id", filter=late),
            told_first=Count("id", filter=late & Q(told=True)),
            asked_first=Count("id", filter=late & Q(told=False, asked_at__isnull=False)),
        )
    )
    clicks = Engagement.objects.filter(at__gte=start, machine=False, hour__isnull=False).count()
    return Questions(orders=Order.objects.filter(placed_at__gte=start, test=False).count(), clicks=clicks, **found)


def _make(orders: Collection[UUID], now: datetime) -> None:
    Asked.objects.bulk_create([Asked(order_id=order, at=now) for order in sorted(orders)], ignore_conflicts=True)
