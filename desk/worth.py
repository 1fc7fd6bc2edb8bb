"""What an order is worth beside others of its shop, in minor units of the shop's own currency: the queue is sorted by it.

What the shop itself says of the order in its own currency holds. Where it says nothing, an order of another currency stands where it stands
among the shop's orders of that currency: twice as dear as its usual order there is taken for twice as dear as its usual order at home.
No exchange rate is needed, which nobody told us, and a currency with other minor units (yen, dinar) is compared rightly.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from statistics import median_low
from typing import Any, NamedTuple
from uuid import UUID

from desk.models import UsualOrder
from orders.models import Order
from postpurchase.lib import clock

NEWEST = 1000  # orders that say what is usual
FRESH = timedelta(days=1)
NOBODY = UUID(int=0)  # before every case


class Money(NamedTuple):
    """An order's total in minor units of `currency`, and in those of `own_currency`: None where the shop does not say."""

    total: int
    currency: str
    own_currency: str
    own_total: int | None

    @property
    def own(self) -> int | None:
        """In the currency of the shop's books, as far as it is told."""
        return self.total if self.currency == self.own_currency else self.own_total


def usual() -> UsualOrder:
    """What an order of the shop usually comes to, in each currency. Known for a day; one statement, two more where it is counted anew.

    Where that says something else than the day before, what waits is valued anew (revalue.py).
    """
    row, now = UsualOrder.objects.first(), clock.business_now()
    if row and row.counted_at > now - FRESH:
        return row
    currency, medians = _counted(Money(*told) for told in _newest())
    values: dict[str, Any] = {"currency": currency, "medians": medians, "counted_at": now}
    if row and (currency, medians) != (row.currency, row.medians):
        values["revalue_after"] = NOBODY
    return UsualOrder.objects.update_or_create(defaults=values)[0]


def worth(order: Money, usual: UsualOrder) -> int:
    """Of an order, in minor units of the shop's currency. An order in a currency that is new to the shop is taken for a usual one."""
    for amount, currency in ((order.own, order.own_currency), (order.total, order.currency)):
        if amount is not None and currency == usual.currency:
            return amount
    medians: dict[str, int] = usual.medians
    home, there = medians.get(usual.currency, 0), medians.get(order.currency, 0)
    return round(order.total * home / there) if there else home


def _newest() -> Iterable[tuple[int, str, str, int | None]]:
    rows = Order.objects.newest_first().filter(test=False, total__gt=0)
    return rows.values_list("total", "currency", "shop_currency", "shop_totals__total")[:NEWEST]


def _counted(orders: Iterable[Money]) -> tuple[str, dict[str, int]]:
    """The currency that most orders are kept in, and the median of each currency."""
    books: Counter[str] = Counter()
    amounts: dict[str, list[int]] = defaultdict(list)
    for one in orders:
        books[one.own_currency] += 1
        amounts[one.currency].append(one.total)
        if one.currency != one.own_currency and one.own_total is not None:
            amounts[one.own_currency].append(one.own_total)
    return max(books, key=lambda code: books[code], default=""), {code: median_low(found) for code, found in amounts.items()}
