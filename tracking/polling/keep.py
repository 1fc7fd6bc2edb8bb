"""What people do with pollers: set one up, change or stop it; and what they see of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from integrations.models import Connection
from postpurchase.lib import clock
from tracking import pace
from tracking.models import ENDED, Poller, Shipment, Status
from tracking.poller import MOST_TOKENS

YOUNG = timedelta(days=60)  # parcels from before the first poller that are asked about
MOST_OLD = 20_000  # of them


def of(row: Connection) -> Poller | None:
    """The connection's poller."""
    return Poller.objects.filter(connection=row).first()


def put(row: Connection, account: dict[str, str], **fields: Any) -> Poller:
    """Set it up, or change it: its breaker closes, as what made it fail may be mended. Parcels under way without a time get one."""
    poller = Poller.objects.filter(connection=row).select_for_update(of=("self",)).first() or Poller(
        connection=row, merchant_id=row.merchant_id
    )
    for name, value in fields.items():
        setattr(poller, name, value)
    poller.keep_account(account)
    poller.failures, poller.resume_at, poller.last_error = 0, None, ""
    poller.tokens = min(poller.tokens, MOST_TOKENS)
    poller.save()
    if poller.asking:
        _begin(poller.carriers)
    return poller


def forget(row: Connection) -> None:
    """The connection is removed: its account goes with it."""
    Poller.objects.filter(connection=row).delete()


def next_at(poller: Poller) -> datetime | None:
    """When it asks next, as things stand; None when nothing is to be asked. One probe of an index for each carrier."""
    if not poller.asking:
        return None
    due = [
        Shipment.objects.filter(carrier=carrier, poll_at__isnull=False).order_by("poll_at").values_list("poll_at", flat=True).first()
        for carrier in poller.carriers
    ]
    soonest = min((one for one in due if one), default=None)
    return max(soonest, poller.resume_at or soonest, clock.business_now()) if soonest else None


def _begin(carriers: list[str]) -> None:
    """Parcels of before, when nobody could be asked: those that are young and under way, spread over the first half hour."""
    now = clock.business_now()
    under_way = ~Q(status__in=(*ENDED, Status.EXPIRED)) & Q(cancelled_at=None) & ~Q(number="")
    rows = Shipment.objects.filter(under_way, carrier__in=carriers, poll_at=None, created_at__gte=now - YOUNG)
    found: list[UUID] = list(rows.order_by("-created_at", "-id").values_list("pk", flat=True)[:MOST_OLD])
    steps = 30
    for step in range(steps):
        Shipment.objects.filter(pk__in=found[step::steps], poll_at=None).update(poll_at=now + step * pace.SOON[1] / steps)
