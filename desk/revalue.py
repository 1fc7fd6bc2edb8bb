"""Cases whose orders are in another currency are worth something else when what is usual has changed: valued anew, a portion at a time."""

from typing import Any

from django.db.models import F

from desk.models import Case, State, UsualOrder
from desk.review import one_at_a_time
from desk.worth import Money, worth

PORTION = 500  # cases of a transaction


def revalue() -> bool:
    """A portion of the merchant's cases that wait or are put off, the oldest first. Whether more are left."""
    one_at_a_time()
    usual = UsualOrder.objects.filter(revalue_after__isnull=False).first()
    if usual is None:
        return False
    waiting = Case.objects.filter(state__in=(State.OPEN, State.SNOOZED), pk__gt=usual.revalue_after)
    money = {"total": F("shipment__order__total"), "currency": F("shipment__order__currency"), "books": F("shipment__order__shop_currency")}
    foreign = waiting.exclude(shipment__order=None).exclude(shipment__order__currency=usual.currency)
    rows: Any = foreign.annotate(own_total=F("shipment__order__shop_totals__total"), **money).order_by("pk")
    found = list(rows.select_for_update(of=("self",))[:PORTION])
    for case in found:
        case.worth = -worth(Money(case.total, case.currency, case.books, case.own_total), usual)
    Case.objects.bulk_update(found, ["worth"])
    usual.revalue_after = found[-1].pk if len(found) == PORTION else None
    usual.save(update_fields=["revalue_after"])
    return usual.revalue_after is not None
