"""Bring cases in line with their parcels: opened, opened again, over. Of what is so now, so that the order of facts cannot matter."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from desk.models import NO_DAY, Case, State
from postpurchase.lib import clock
from postpurchase.tenancy import scope
from tracking.models import NEEDS_EYE, Shipment, Status

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
WRITTEN = ("kinds", "answered", "state", "opened_at", "due_on", "worth", "until")


def review(shipment_ids: Collection[UUID]) -> None:
    """Look at these parcels anew. Three statements, and one for each of what opens and what changes."""
    with connection.cursor() as cursor:  # of two reviews of a merchant the second sees the first one's cases
        cursor.execute(LOCK, [f"cases of {scope.demand('cases').merchant_id}"])
    held = {
        case.shipment_id: case for case in Case.objects.filter(shipment__in=shipment_ids).order_by("pk").select_for_update(of=("self",))
    }
    about = Shipment.objects.filter(pk__in=shipment_ids).annotate(total=F("order__total"), promised_to=F("order__promised_to"))
    now, fresh, changed = clock.business_now(), [], []
    for parcel in about.order_by("pk"):
        kinds, case = kinds_of(parcel), held.get(parcel.pk)
        if case is None and kinds:
            fresh.append(Case(shipment=parcel, kinds=kinds, opened_at=now, **_place(parcel)))
        elif case and _follow(case, kinds, _place(parcel), now):
            changed.append(case)
    Case.objects.bulk_create(fresh)
    if changed:
        Case.objects.bulk_update(changed, WRITTEN)


def kinds_of(parcel: Shipment) -> list[str]:
    """What is wrong with it: its open flags, and being held up."""
    return sorted({*parcel.health, *([Status.EXCEPTION.value] if parcel.status == Status.EXCEPTION else [])})


def waiting() -> QuerySet[Case]:
    """The queue."""
    return Case.objects.filter(state=State.OPEN)


def uncased() -> QuerySet[Shipment]:
    """Parcels that need somebody and have no case: from before there were cases."""
    return Shipment.objects.filter(NEEDS_EYE).exclude(Exists(Case.objects.filter(shipment=OuterRef("pk"))))


def wake(now: datetime) -> int:
    """Cases whose time has come wait again. Returns how many."""
    return Case.objects.filter(state=State.SNOOZED, until__lte=now).update(state=State.OPEN, until=None)


def _place(parcel: Any) -> dict[str, Any]:
    """What it is sorted by."""
    due: date | None = parcel.promised_on or parcel.promised_to or parcel.first_estimate_on
    return {"due_on": due or NO_DAY, "worth": -(parcel.total or 0)}


def _follow(case: Case, kinds: list[str], place: dict[str, Any], now: datetime) -> bool:
    """Whether the case had to change."""
    before = {name: getattr(case, name) for name in WRITTEN}
    if not kinds:
        case.state, case.until, case.answered = State.OVER, None, []
    elif case.state == State.OVER or (set(kinds) - set(case.answered) and case.state != State.OPEN):
        case.state, case.until, case.opened_at, case.answered = State.OPEN, None, now, []
    for name, value in {"kinds": kinds, **place}.items():
        setattr(case, name, value)
    return before != {name: getattr(case, name) for name in WRITTEN}
