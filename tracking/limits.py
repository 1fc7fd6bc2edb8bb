"""Which rule holds for a parcel: the merchant's, the narrowest first; what its lane taught; what the trade does."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q

from postpurchase.lib import clock
from tracking.health_rules import HealthRule
from tracking.models import ENDED, Shipment

NAMES = ("first_scan_days", "quiet_days", "pickup_days", "attempts")


class Lane(NamedTuple):
    """Whose parcels a rule is about; '' is any."""

    carrier: str = ""
    service: str = ""
    country: str = ""


class Limits(NamedTuple):
    """From when on a parcel is in trouble; None where no rule says it. Working days, but for `pickup_days`."""

    first_scan_days: int | None = None
    quiet_days: int | None = None
    pickup_days: int | None = None
    attempts: int | None = None


UNRULED = Limits()


class Rules:
    """The rules that may hold for some lanes, read with one query."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        wanted = set(lanes)
        found = HealthRule.objects.filter(
            Q(carrier__in={"", *(lane.carrier for lane in wanted)}), country__in={"", *(lane.country for lane in wanted)}
        )
        self._rules = sorted(found, key=_place) if wanted else []
        self._known: dict[Lane, Limits] = {}

    def of(self, lane: Lane) -> Limits:
        """Each limit from the first rule that says it."""
        if lane not in self._known:
            fitting = [rule for rule in self._rules if _fits(rule, lane)]
            told = {name: next((value for rule in fitting if (value := getattr(rule, name)) is not None), None) for name in NAMES}
            self._known[lane] = Limits(**told)
        return self._known[lane]


def _place(rule: HealthRule) -> tuple[bool, int, bool, bool]:
    """The merchant's before what was learned; the more a rule names the earlier; of two alike the country's."""
    named = [bool(rule.country), bool(rule.carrier), bool(rule.service)]
    return rule.learned, -sum(named), not rule.country, not rule.carrier


def _fits(rule: HealthRule, lane: Lane) -> bool:
    service = rule.service.casefold()
    return rule.carrier in ("", lane.carrier) and rule.country in ("", lane.country) and service in ("", lane.service.casefold())


def keep(lane: Lane, limits: Limits) -> tuple[HealthRule, dict[str, int | None]]:
    """Make or change the merchant's rule of a lane. Returns it, with what it said before ({} for a new one)."""
    row = HealthRule.objects.select_for_update().filter(learned=False, **lane._asdict()).first()
    before = {name: getattr(row, name) for name in NAMES} if row else {}
    row = row or HealthRule(**lane._asdict())
    for name, value in limits._asdict().items():
        setattr(row, name, value)
    row.changed_at = clock.business_now()
    row.save()
    return row, before


def of_merchant() -> list[HealthRule]:
    """The merchant's own rules, the widest first."""
    rows = HealthRule.objects.filter(learned=False)
    return sorted(rows, key=lambda rule: (-_place(rule)[1], str(rule)))


def learned(most: int) -> Sequence[HealthRule]:
    """What lanes taught, those with most parcels first."""
    return list(HealthRule.objects.filter(learned=True).order_by("-parcels", "id")[:most])


def judge_anew(lane: Lane) -> int:
    """Have the open parcels of a lane judged by the next sweep, as a rule of theirs has changed. Returns how many."""
    rows = Shipment.objects.exclude(status__in=ENDED).exclude(number="")
    for name, value in (("carrier", lane.carrier), ("service__iexact", lane.service), ("order__ship_country", lane.country)):
        rows = rows.filter(**{name: value}) if value else rows
    return Shipment.objects.filter(pk__in=rows.values("pk")).update(check_at=clock.business_now())
