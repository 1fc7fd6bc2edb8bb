"""How often an order's page is looked at, and whether its shopper turned to the shop afterwards. Numbers only: nothing of who looked.

One row for an order and day. Its first and last look are enough to say exactly whether a contact came within AFTER of one, because a day
is shorter than AFTER.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from desk.models import Contact, Visit
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.statement import as_json, execute

AFTER = timedelta(hours=48)  # a contact within that is one after a look
LINK = "link"  # they followed the link to the shop's page for help; other kinds are those of wishes

RECORD = """
INSERT INTO desk_visit (id, merchant_id, order_id, day, times, first_at, last_at)
SELECT r.id, %(merchant)s, o.id, (r.at AT TIME ZONE 'UTC')::date, r.times, r.at, r.at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, order_id uuid, times int, at timestamptz)
JOIN orders_order o ON o.merchant_id = %(merchant)s AND o.id = r.order_id AND NOT o.test
ORDER BY o.id
ON CONFLICT (merchant_id, order_id, day) DO UPDATE SET times = desk_visit.times + excluded.times,
    first_at = least(desk_visit.first_at, excluded.first_at), last_at = greatest(desk_visit.last_at, excluded.last_at)"""


class Looked(NamedTuple):
    """`times` that the page of `order_id` was looked at in a moment that began `at`."""

    order_id: UUID
    times: int
    at: datetime


class Visits(NamedTuple):
    """Of a time: looks, the orders looked at, and those of them whose shopper turned to the shop within AFTER of a look."""

    times: int
    orders: int
    contacted: int


def record(looked: Iterable[Looked]) -> None:
    """Count these looks, each order once. Test orders, and orders that are gone, count nothing. One statement."""
    rows = [one._asdict() for one in looked]
    execute(RECORD, rows=as_json([row | {"id": row_id} for row, row_id in zip(rows, uuid7s(len(rows)), strict=True)]))


def note_contacts(contacts: Iterable[tuple[UUID, str, datetime]]) -> None:
    """Shoppers of these orders turned to the shop: order, what by, when."""
    Contact.objects.bulk_create([Contact(order_id=order_id, what=what, at=at) for order_id, what, at in contacts])


def contacted(order_id: UUID) -> None:
    """Somebody follows the link to the shop's page for help. Once an hour is enough: nobody fills a table by following it."""
    now = clock.business_now()
    if not Contact.objects.filter(order=order_id, what=LINK, at__gt=now - timedelta(hours=1)).exists():
        note_contacts([(order_id, LINK, now)])


def since(start: datetime) -> Visits:
    """From then on. Two statements."""
    by_order = Visit.objects.filter(day__gte=start.astimezone(UTC).date()).order_by().values("order").annotate(n=Sum("times"))
    found = by_order.aggregate(orders=Count("order"), times=Coalesce(Sum("n"), 0))
    looks = Visit.objects.filter(order=OuterRef("order"), first_at__lte=OuterRef("at"), last_at__gte=OuterRef("at") - AFTER)
    after = Contact.objects.filter(Exists(looks), at__gte=start).aggregate(orders=Count("order", distinct=True))
    return Visits(found["times"], found["orders"], after["orders"])
