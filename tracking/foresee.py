"""Say when parcels should arrive, as far as their lanes are known, and keep every day that is shown."""

from collections.abc import Sequence
from datetime import date, datetime

from postpurchase.events import bus
from postpurchase.lib import clock
from tracking import estimates, learn, zones
from tracking.groups import STAGES, Home, home, journey, place_of, with_places
from tracking.models import EstimateSnapshot, Shipment
from tracking.outlook import Foreseen, Outlook
from tracking.settle import lock

STEADY = 2  # days: a shown day that still lies ahead moves by no less, so that nobody is told today what is taken back tomorrow


def due_batch(most: int) -> int:
    """Forecast parcels whose time has come and learn from those that came, up to `most` in one transaction; returns how many."""
    now, here = clock.business_now(), home()
    due = Shipment.objects.filter(estimate_at__lte=now)
    ids = list(due.order_by("estimate_at").values_list("pk", flat=True)[:most])
    parcels = lock(with_places(due.filter(pk__in=ids)), skip_locked=True)
    learn.learn([parcel for parcel in parcels if parcel.stage == "came"], here)
    going = [parcel for parcel in parcels if parcel.stage in STAGES]
    foresee(going, here, now)
    for parcel in parcels:
        parcel.estimate_at = _again(parcel, here, now) if parcel in going else None
    Shipment.objects.bulk_update(parcels, ["estimate_at"])
    return len(parcels)


def foresee(parcels: Sequence[Shipment], here: Home, now: datetime) -> None:
    """Keep a new estimate of ours for each locked parcel where there is enough to say one, and it says something new."""
    history = estimates.histories([parcel.pk for parcel in parcels])
    fresh: list[EstimateSnapshot] = []
    for stage in STAGES:
        here_now = [parcel for parcel in parcels if parcel.stage == stage]
        if not here_now:
            continue
        ways = {parcel.pk: journey(parcel, stage, here) for parcel in here_now}
        outlook = Outlook(stage, ways.values(), now.astimezone(zones.named(here.zone)).date(), here)
        for parcel in here_now:
            said, today = outlook.forecast(ways[parcel.pk]), now.astimezone(place_of(parcel, here)[1]).date()
            before = [one for one in history[parcel.pk] if one.source == estimates.OURS]
            if said and _news(said, before, stage, today):
                fresh.append(_snapshot(parcel, said, before, stage, now))
                history[parcel.pk].append(fresh[-1])
    EstimateSnapshot.objects.bulk_create(fresh)
    bus.publish_all(estimates.show(parcels, history, now, ours_first=here.ours_first))


def _news(said: Foreseen, before: Sequence[EstimateSnapshot], stage: str, today: date) -> bool:
    if not before:
        return True
    last = before[-1].expected_on
    return last < today or abs((said.p80 - last).days) >= STEADY


def _snapshot(parcel: Shipment, said: Foreseen, before: Sequence[EstimateSnapshot], stage: str, now: datetime) -> EstimateSnapshot:
    first = all((one.grounds or {}).get("stage") != stage for one in before)
    return EstimateSnapshot(
        shipment_id=parcel.pk,
        source=estimates.OURS,
        earliest_on=said.earliest_on,
        expected_on=said.p80,
        p50=said.p50,
        p95=said.p95,
        told_at=now,
        grounds=said.grounds if first else None,
    )


def _again(parcel: Shipment, here: Home, now: datetime) -> datetime:
    """When the day that is shown is over; without one, tomorrow."""
    _, zone = place_of(parcel, here)
    today = now.astimezone(zone).date()
    return zones.end_of_day(max(parcel.estimate_on or today, today), zone)
