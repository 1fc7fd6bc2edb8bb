"""Count days once for all pages: the young ones every hour, all of them every day, for clicks, orders and refunds that came late."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications.models import ResultDay, ResultsKept
from notifications.results.counts import Period, Result, counted
from postpurchase.lib import clock
from tracking import zones

WHOLE = timedelta(days=400)
YOUNG = timedelta(days=40)  # after which neither touch nor order can come any more, only refunds; also counted at once
AGAIN = timedelta(hours=24)  # all of them


def keep() -> None:
    """Count the days of the merchant in scope, up to yesterday by its clock. Safe to repeat."""
    now, name = clock.business_now(), zones.of_brand()
    zone = zones.named(name)
    last = now.astimezone(zone).date() - timedelta(days=1)
    before = ResultsKept.objects.select_for_update().filter(zone=name, whole_at__gt=now - AGAIN).first()
    first = last - (YOUNG if before else WHOLE)
    day = first
    while day <= last:
        end = min(day + YOUNG, last + timedelta(days=1))
        _count(day, end, zone)
        day = end
    made = {"last": last, "zone": name, "counted_at": now} | ({} if before else {"first": first, "whole_at": now})
    ResultsKept.objects.update_or_create(defaults=made)


def _count(first: date, end: date, zone: ZoneInfo) -> None:
    """The days from the first up to, without, the end."""
    found = counted(Period(datetime.combine(first, time.min, zone), datetime.combine(end, time.min, zone)), None, zone)
    ResultDay.objects.filter(day__gte=first, day__lt=end).delete()
    ResultDay.objects.bulk_create([_row(*key, result) for key, result in found.items()])


def _row(flow: UUID, node: str, day: date, result: Result) -> ResultDay:
    counts = {name: number for name, number in vars(result).items() if name != "revenue"}
    return ResultDay(flow_id=flow, node=node, day=day, counts=counts, revenue=result.revenue)
