"""Parcels under way when a poller is switched on or off: they get a time to be asked about, or lose it. A portion at a time.

Only parcels whose carrier is asked have a time, as each one costs an entry in an index with every scan. A scan sees to it by itself
(settle.py); this is for those that have none meanwhile.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models.functions import Random

from postpurchase.lib import clock
from tracking import pace
from tracking.models import ENDED, Poller, Shipment, Status

PORTION = 2000  # parcels of a transaction
YOUNG = timedelta(days=60)  # parcels of before that are asked about
AGAIN = timedelta(minutes=2)  # a scan that was being kept while the poller was switched on did not see it: who comes later looks twice
UNDER_WAY = ~Q(status__in=(*ENDED, Status.EXPIRED)) & Q(cancelled_at=None) & ~Q(number="")


def begin(poller: Poller) -> None:
    """Its parcels are to be found. The caller saves."""
    poller.begun_at = clock.business_now()
    poller.found_from = poller.begun_at - YOUNG


def find(poller_id: UUID) -> bool:
    """Give a portion of its parcels under way a time within the next half hour, those made first at the beginning. Whether more are left.

    Parcels that somebody holds are passed over: a scan sets their time, or the second look does.
    """
    poller = Poller.objects.select_for_update(of=("self",)).filter(pk=poller_id, found_from__isnull=False).first()
    if poller is None or poller.found_from is None or poller.begun_at is None:
        return False
    rows = Shipment.objects.filter(UNDER_WAY, carrier__in=poller.carriers, poll_at=None, created_at__gte=poller.found_from)
    held = rows.order_by("created_at", "id").select_for_update(skip_locked=True, no_key=True, of=("self",))
    found = list(held.values_list("pk", "created_at")[:PORTION]) if poller.asking else []
    now, (least, most) = clock.business_now(), pace.SOON
    spread = ExpressionWrapper(Value(now + least) + Random() * Value(most - least, DurationField()), DateTimeField())
    Shipment.objects.filter(pk__in=[pk for pk, _ in found]).update(poll_at=spread)
    full = len(found) == PORTION
    if full:
        poller.found_from = found[-1][1]
    elif poller.asking and now < poller.begun_at + AGAIN:
        poller.found_from = poller.begun_at - YOUNG
    else:
        poller.found_from = None
    poller.save(update_fields=["found_from"])
    return full


def unfinished() -> QuerySet[Poller]:
    """Pollers whose parcels are still being found."""
    return Poller.objects.filter(found_from__isnull=False)


def release() -> bool:
    """Take the time from a portion of the parcels that nobody is asked about any more. Whether more are left."""
    asked = Poller.objects.filter(asking=True).annotate(one=Func(F("carriers"), function="unnest")).values_list("one", flat=True)
    rows = Shipment.objects.filter(poll_at__isnull=False).exclude(carrier__in=set(asked))
    held = rows.order_by("pk").select_for_update(skip_locked=True, no_key=True, of=("self",))
    found = list(held.values_list("pk", flat=True)[:PORTION])
    Shipment.objects.filter(pk__in=found).update(poll_at=None)
    return len(found) == PORTION
