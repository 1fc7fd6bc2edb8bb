"""How connections fare: when they last sent something, what went wrong lately, how far reading is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from integrations.models import SETTLED, Connection, Delivery, InboundDelivery
from postpurchase.lib import clock, ids

LATELY = timedelta(hours=24)
BEHIND = timedelta(minutes=1)  # that a delivery may wait to be read
UNREAD = (Delivery.DUE, Delivery.CLAIMED)


@dataclass
class Health:
    """Of one connection. `failed` and `parked` are of the last 24 hours, `waiting` and `held` are all there are."""

    last_at: datetime | None = None
    last_took: timedelta | None = None  # from arrival to the end of reading
    failed: int = 0
    parked: int = 0
    held: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None

    def badge(self, row: Connection) -> str:
        """paused, unproved (no secret yet), failing, behind, quiet (nothing has come yet) or healthy."""
        if row.paused_at:
            return "paused"
        if not row.secret_sealed:
            return "unproved"
        if self.failed:
            return "failing"
        if self.waiting_since and self.waiting_since < clock.machine_now() - BEHIND:
            return "behind"
        return "healthy" if self.last_at or self.waiting else "quiet"


def of(rows: QuerySet[Connection]) -> dict[UUID, Health]:
    """The health of connections of the merchant in scope. Four queries, however many there are."""
    newest = InboundDelivery.objects.filter(connection=OuterRef("pk"), state__in=SETTLED).order_by("-id").values("id")[:1]
    last = dict(rows.annotate(last_id=Subquery(newest)).values_list("pk", "last_id"))
    found = {pk: Health() for pk in last}
    for row in InboundDelivery.objects.filter(pk__in=[pk for pk in last.values() if pk]).defer("body", "headers", "result"):
        one = found[row.connection_id]
        one.last_at = row.received_at
        one.last_took = row.processed_at - row.received_at if row.processed_at and row.attempts <= 1 else None
    _count_trouble(found)
    waiting = InboundDelivery.objects.filter(state__in=UNREAD).order_by().values("connection_id")
    for counted in waiting.annotate(n=Count("id"), since=Min("received_at")):
        if one_waits := found.get(counted["connection_id"]):
            one_waits.waiting, one_waits.waiting_since = counted["n"], counted["since"]
    return found


def _count_trouble(found: dict[UUID, Health]) -> None:
    recent = Q(state__in=(Delivery.FAILED, Delivery.PARKED), pk__gte=ids.first_of(clock.machine_now() - LATELY))
    rows = InboundDelivery.objects.filter(recent | Q(state=Delivery.HELD), connection__in=list(found))
    for counted in rows.order_by().values("connection_id", "state").annotate(n=Count("id")):
        setattr(found[counted["connection_id"]], counted["state"], counted["n"])
