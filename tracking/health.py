"""What is wrong with a parcel, and when to look again. Every flag has an instant from which it holds; days off do not count.

The merchant's rules say how long is too long, or what the parcel's lane taught (limits.py). Where neither does it is as the trade has it:
two working days for a first scan, three without news at home, seven across a border, five days at a pick-up point, two failed attempts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tracking import zones
from tracking.limits import UNRULED, Limits
from tracking.models import ENDED, NOT_STARTED, Shipment, Status


class Flag(StrEnum):
    """A problem with a parcel."""

    NO_SCAN_AFTER_LABEL = "no_scan_after_label"
    STALLED = "stalled"
    LATE_VS_PROMISE = "late_vs_promise"
    LATE_VS_EDD = "late_vs_edd"
    REPEATED_ATTEMPTS = "repeated_attempts"
    PICKUP_EXPIRING = "pickup_expiring"
    CONFLICT = "conflict"


LATE = frozenset({Flag.STALLED.value, Flag.LATE_VS_PROMISE.value, Flag.LATE_VS_EDD.value})  # what a shopper calls late


FIRST_SCAN_DAYS = 2
QUIET_DAYS = 3
QUIET_DAYS_ABROAD = 7
PICKUP_DAYS = 5
MANY_ATTEMPTS = 2
WITH_CARRIER = frozenset(
    {Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.EXCEPTION, Status.RETURNING, Status.EXPIRED}
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Journey:
    """What the parcel's surroundings say: where it goes, where the shop is (its zone's name), what was promised, which limits hold."""

    ship_to: str = ""
    home_zone: str = "UTC"
    promised_on: date | None = None
    limits: Limits = UNRULED

    @property
    def country(self) -> str:
        """Whose holidays count: the shopper's country, the shop's where that is not known."""
        return self.ship_to or zones.country_of(self.home_zone)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the shopper's country; the shop's where that is not known."""
        return zones.of_country(self.ship_to, self.home_zone)


@dataclass(frozen=True)
class Assessment:
    """The flags that hold now, and the next instant at which another could without any new scan; None: never."""

    flags: frozenset[str]
    check_at: datetime | None


def assess(shipment: Shipment, now: datetime, journey: Journey, *, conflict: bool) -> Assessment:
    """Judge a parcel at `now`. `conflict`: its scans contradict the end they reached (status.derive). Pure."""
    always = {Flag.CONFLICT.value: LONG_AGO} if conflict else {}
    if shipment.status in ENDED or not shipment.number:
        return Assessment(frozenset(always), None)
    since = _waiting(shipment, journey) | _lateness(shipment, journey) | always
    later = [at for at in since.values() if at > now]
    return Assessment(frozenset(flag for flag, at in since.items() if at <= now), min(later, default=None))


def _waiting(shipment: Shipment, journey: Journey) -> dict[str, datetime]:
    """Silence, failed attempts and a parcel that nobody collects."""
    since: dict[str, datetime] = {}
    limits = journey.limits
    if shipment.status in NOT_STARTED:
        start = shipment.shipped_at or shipment.created_at
        days = FIRST_SCAN_DAYS if limits.first_scan_days is None else limits.first_scan_days
        since[Flag.NO_SCAN_AFTER_LABEL] = zones.after_working_days(start, days, journey.zone, journey.country)
    if shipment.status in WITH_CARRIER and shipment.last_scan_at:
        usual = QUIET_DAYS_ABROAD if _abroad(shipment, journey) else QUIET_DAYS
        days = usual if limits.quiet_days is None else limits.quiet_days
        since[Flag.STALLED] = zones.after_working_days(shipment.last_scan_at, days, journey.zone, journey.country)
    if shipment.attempts >= (limits.attempts or MANY_ATTEMPTS):
        since[Flag.REPEATED_ATTEMPTS] = LONG_AGO
    if shipment.status == Status.AVAILABLE_FOR_PICKUP and shipment.status_at:
        days = PICKUP_DAYS if limits.pickup_days is None else limits.pickup_days
        since[Flag.PICKUP_EXPIRING] = shipment.status_at + timedelta(days=days)
    return since


def _lateness(shipment: Shipment, journey: Journey) -> dict[str, datetime]:
    """Past the end of the promised day; past the first day the carrier told, or put off beyond it."""
    since: dict[str, datetime] = {}
    if shipment.status in (Status.RETURNING, Status.AVAILABLE_FOR_PICKUP):
        return since
    promised = shipment.promised_on or journey.promised_on
    if promised:
        since[Flag.LATE_VS_PROMISE] = zones.end_of_day(promised, journey.zone)
    first, latest = shipment.first_estimate_on, shipment.estimate_on
    if first and latest:
        since[Flag.LATE_VS_EDD] = LONG_AGO if latest > first else zones.end_of_day(first, journey.zone)
    return since


def _abroad(shipment: Shipment, journey: Journey) -> bool:
    origin = shipment.origin_country or zones.country_of(journey.home_zone)
    return bool(origin and journey.ship_to) and origin != journey.ship_to
