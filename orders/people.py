"""The people who buy: found by name or email, with what they bought and when they last did."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Concat

from orders.models import Customer, Order, OrderQuerySet

LAST = "\U0010ffff"  # sorts after every other character
WORDS = 6
KEYS = ("name_key", "first_key", "third_key", "fourth_key")
SPENT = Q(cancelled_at=None, test=False)


@dataclass
class Bought:
    """Orders that somebody placed, and what they paid: minor units by currency, less what went back, cancelled and test ones left out."""

    orders: int = 0
    spent: dict[str, int] = field(default_factory=dict)


def named(text: str) -> QuerySet[Customer]:
    """Customers whose names have a word that begins like each word of the text, whatever case and accents; blank text finds nobody.

    Names of up to four words are found from any of them on. Ranges, as row security bars LIKE from indexes.
    """
    words = text.replace("\0", "").replace("-", " ").split()[:WORDS]
    if not words:
        return Customer.objects.none()
    wanted = Q()
    for word in words:
        wanted &= _begins(word)
    return Customer.objects.filter(wanted)


def _begins(word: str) -> Q:
    start = Func(Value(word), function="orders_fold")
    end = Concat(start, Value(LAST))
    found = Q()
    for key in KEYS:
        found |= Q(**{f"{key}__gte": start, f"{key}__lt": end, f"{key}__gt": ""})
    return found


def found(text: str) -> QuerySet[Customer]:
    """Customers by email where the text has an '@', else by name."""
    told = text.replace("\0", "").strip()
    return Customer.objects.filter(email=told.lower()) if "@" in told else named(told)


def newest_orders() -> OrderQuerySet:
    """One order for each customer who has any: the newest. In the order of orders it is the list of customers by when they last bought."""
    theirs = Order.objects.filter(customer=OuterRef("customer")).newest_first().values("pk")[:1]
    rows: OrderQuerySet = Order.objects.exclude(customer=None).filter(pk=Subquery(theirs))
    return rows


def bought(customers: Iterable[UUID]) -> dict[UUID, Bought]:
    """What each of these customers bought. One query."""
    rows: Any = Order.objects.filter(customer__in=list(customers)).order_by().values("customer_id", "currency")
    sums = rows.annotate(n=Count("pk"), spent=Sum(F("total") - F("refunded_total"), filter=SPENT))
    told: dict[UUID, Bought] = defaultdict(Bought)
    for row in sums.order_by("currency"):
        one = told[row["customer_id"]]
        one.orders += row["n"]
        if row["spent"] is not None:
            one.spent[row["currency"]] = row["spent"]
    return dict(told)
