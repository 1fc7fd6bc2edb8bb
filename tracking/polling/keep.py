"""What people do with pollers: set one up, change or stop it; and what they see of it."""

from datetime import datetime
from typing import Any

from integrations.models import Connection
from postpurchase.lib import clock
from tracking.models import Poller, Shipment
from tracking.poller import MOST_TOKENS
from tracking.polling import under_way
from tracking.polling.tasks import find_under_way, let_go


def of(row: Connection) -> Poller | None:
    """The connection's poller."""
    return Poller.objects.filter(connection=row).first()


def put(row: Connection, account: dict[str, str], **fields: Any) -> Poller:
    """Set it up, or change it: its breaker closes, as what made it fail may be mended.

    Parcels under way get a time to be asked about, and those that nobody is asked about any more lose theirs: in portions, after COMMIT.
    """
    poller = Poller.objects.filter(connection=row).select_for_update(of=("self",)).first() or Poller(
        connection=row, merchant_id=row.merchant_id, asking=False, carriers=[]
    )
    before = set(poller.carriers) if poller.asking else set()
    for name, value in fields.items():
        setattr(poller, name, value)
    poller.keep_account(account)
    poller.failures, poller.resume_at, poller.last_error = 0, None, ""
    poller.tokens = min(poller.tokens, MOST_TOKENS)
    now = set(poller.carriers) if poller.asking else set()
    if now - before:
        under_way.begin(poller)
    poller.save()
    if now - before:
        find_under_way.enqueue(row.merchant_id, str(poller.pk))
    if before - now:
        let_go.enqueue(row.merchant_id)
    return poller


def forget(row: Connection) -> None:
    """The connection is removed: its account goes with it, and nobody is asked about its carriers' parcels."""
    if Poller.objects.filter(connection=row).delete()[0]:
        let_go.enqueue(row.merchant_id)


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
