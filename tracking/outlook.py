"""What may be said today of a merchant's parcels in one stage: from lanes, parcels still open, and the levels that lately held."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from tracking.groups import MADE, Home, Journey, journey, keys_of, text, with_places
from tracking.models import EstimateSnapshot, LaneStat, Shipment, Status
from tracking.promises import fit as fitting
from tracking.promises import levels
from tracking.promises.curve import Counts
from tracking.promises.fit import Fit, Forecast, Past
from tracking.promises.lanes import EVERY, OLDEST, Known, Lanes, Parcel, month_of
from tracking.promises.walk import ENOUGH

LEAST = 10  # arrivals in the country, or nothing is said
SEEN = 2000  # forecasts looked back at, the newest
OPEN = 5000  # open parcels looked at, the newest
PATIENCE = 45  # working days after which an open parcel is taken for lost
GOING = Q(status__in=(Status.PENDING, Status.INFO_RECEIVED, Status.UNKNOWN, Status.IN_TRANSIT, Status.EXCEPTION), cancelled_at=None)


class Foreseen(NamedTuple):
    """A forecast in days of the calendar, and what its levels will be learned from."""

    earliest_on: date
    p50: date
    p80: date
    p95: date
    grounds: dict[str, Any]


class Outlook:
    """Made once for a batch of parcels, for one stage and one morning. Its cost is bounded, whatever the shop's size."""

    def __init__(self, stage: str, journeys: Iterable[Journey], today: date, home: Home) -> None:
        self.stage, self.today = stage, today
        asked = {key for one in journeys for key in keys_of(one.parcel(today))}
        self._lanes = _lanes(stage, asked, today)
        self._known = Known(self._lanes, today.toordinal(), _open(stage, today, home))
        past = _past(stage, today)
        self._fits = fitting.fit(past, today.toordinal(), lost=0.0, patience=PATIENCE)
        self._style = fitting.best(past, today.toordinal())
        self._counts = {key: self._count(key) for key in asked}

    def forecast(self, one: Journey) -> Foreseen | None:
        """The days for a parcel that has not come; None where too little is known of such parcels."""
        if self._counts.get(EVERY, 0) < ENOUGH or self._counts.get(one.ladder[0], 0) < LEAST:
            return None
        parcel = one.parcel(self.today)
        past = fitting.remember(parcel, self._known, self._fits)
        over = parcel.days(self.today.toordinal()) - 1
        said = past.said[self._style] if over < 0 else self._fit().forecast(past.curves[self._style], over)
        return _dated(said, one, _kept(past, self.stage))

    def _fit(self) -> Fit:
        return self._fits[self._style]

    def _count(self, key: tuple[str, ...]) -> float:
        return sum(counts.size for counts in self._lanes.months.get(key, {}).values())


def _dated(said: Forecast, one: Journey, grounds: dict[str, Any]) -> Foreseen:
    days = (max(0, whole) for whole in (said.p10, fitting.whole(said.p50), said.p80, said.p95))
    earliest, middle, promise, deadline = (one.day(count) for count in days)
    return Foreseen(earliest, min(middle, promise), promise, deadline, grounds)


def _kept(past: Past, stage: str) -> dict[str, Any]:
    """As JSON: rounded, because a tenth of a day is finer than anybody knows."""
    curves = {style: [round(days, 1) for days in curve] for style, curve in past.curves.items()}
    return {"stage": stage, "start": past.parcel.start, "curves": curves, "said": past.said}


def _past(stage: str, today: date) -> list[Past]:
    """The newest forecasts of the stage with what came of them so far."""
    since = datetime.combine(today - timedelta(days=levels.OLDEST), datetime.min.time()).astimezone()
    rows = EstimateSnapshot.objects.filter(grounds__isnull=False, told_at__gte=since).order_by("-told_at")
    found = rows.values_list("grounds", "shipment__delivered_at", "shipment__status", "shipment__order__ship_country")[:SEEN]
    return [
        _remembered(grounds, came, country or "", today)
        for grounds, came, status, country in found
        if grounds and grounds["stage"] == stage and status != Status.CANCELLED
    ]


def _remembered(grounds: dict[str, Any], came: datetime | None, country: str, today: date) -> Past:
    start = date.fromordinal(grounds["start"])
    way = Journey(start, came.date() if came else None, country, (), ())
    curves = {style: tuple(curve) for style, curve in grounds["curves"].items()}
    return Past(way.parcel(today), curves, {style: Forecast(*said) for style, said in grounds["said"].items()})


def _lanes(stage: str, asked: set[tuple[str, ...]], today: date) -> Lanes:
    named, lanes = {text(stage, key): key for key in asked}, Lanes()
    rows = LaneStat.objects.filter(key__in=named, month__gte=month_of(today.toordinal()) - OLDEST)
    for key, month, arrived in rows.values_list("key", "month", "arrived"):
        lanes.months[named[key]][month] = Counts({int(days): float(count) for days, count in arrived.items()})
    return lanes


def _open(stage: str, today: date, home: Home) -> list[Parcel]:
    """Parcels that are still on their way, the newest: what has not come tells something too."""
    going = Shipment.objects.filter(GOING) if stage == MADE else Shipment.objects.filter(GOING, first_scan_at__isnull=False)
    rows = with_places(going).only("carrier", "service", "origin_country", "created_at", "shipped_at", "first_scan_at", "order_id")
    found = [journey(row, stage, home).parcel(today) for row in rows.order_by("-created_at", "-id")[:OPEN]]
    return [one for one in found if 0 <= one.days(today.toordinal()) <= PATIENCE]
