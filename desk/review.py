"""Bring cases in line with their parcels: opened, opened again, over. Of what is so now, so that the order of facts cannot matter."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from desk.models import NO_DAY, Case, State, UsualOrder
from desk.worth import Money, usual, worth
from postpurchase.lib import clock
from postpurchase.tenancy import scope
from tracking.models import NEEDS_EYE, Shipment, Status, Wish

MISSING, REQUEST = "missing", "request"  # kinds of trouble that a shopper tells of
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))"
WRITTEN = ("kinds", "answered", "state", "opened_at", "due_on", "worth", "until")


def review(shipment_ids: Collection[UUID]) -> None:
    """Look at these parcels anew. Three statements; where there is trouble one more, and one for each of what opens and what changes."""
    one_at_a_time()
    held = {
        case.shipment_id: case for case in Case.objects.filter(shipment__in=shipment_ids).order_by("pk").select_for_update(of=("self",))
    }
    parcels = [(parcel, kinds_of(parcel)) for parcel in _about(shipment_ids).order_by("pk")]
    beside = usual() if any(kinds for _, kinds in parcels) else UsualOrder()
    now, fresh, changed = clock.business_now(), [], []
    for parcel, kinds in parcels:
        case = held.get(parcel.pk)
        if case is None and kinds:
            fresh.append(Case(shipment=parcel, kinds=kinds, opened_at=now, **_place(parcel, beside)))
        elif case and _follow(case, kinds, _place(parcel, beside) if kinds else {}, now):
            changed.append(case)
    Case.objects.bulk_create(fresh)
    if changed:
        Case.objects.bulk_update(changed, WRITTEN)


def one_at_a_time() -> None:
    """Wait until nobody else looks at the merchant's cases; to the end of the transaction. The second sees what the first one wrote."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"cases of {scope.demand('cases').merchant_id}"])


def kinds_of(parcel: Any) -> list[str]:
    """What is wrong with a parcel of _about(): its open flags, being held up, and what its shopper asks for."""
    asked = {MISSING if kind == Wish.Kind.MISSING else REQUEST for kind in parcel.wishes if parcel.newest}
    return sorted({*parcel.health, *([Status.EXCEPTION.value] if parcel.status == Status.EXCEPTION else []), *asked})


def of_orders(order_ids: Collection[UUID]) -> list[UUID]:
    """Their parcels."""
    return list(Shipment.objects.filter(order__in=order_ids).values_list("pk", flat=True))


def waiting() -> QuerySet[Case]:
    """The queue."""
    return Case.objects.filter(state=State.OPEN)


def unplaced() -> QuerySet[Wish]:
    """Requests that wait and can stand at no parcel, as nothing of the order is shipped yet."""
    return Wish.objects.filter(~Exists(Shipment.objects.filter(order=OuterRef("order"))), state=Wish.State.ASKED)


def uncased() -> QuerySet[Shipment]:
    """Parcels that need somebody and have no case: from before there were cases."""
    return Shipment.objects.filter(NEEDS_EYE).exclude(Exists(Case.objects.filter(shipment=OuterRef("pk"))))


def wake(now: datetime) -> int:
    """Cases whose time has come wait again. Returns how many."""
    return Case.objects.filter(state=State.SNOOZED, until__lte=now).update(state=State.OPEN, until=None)


def _about(shipment_ids: Collection[UUID]) -> QuerySet[Any]:
    """The parcels with what their orders say. What a shopper asks for stands at the newest parcel of the order."""
    siblings = Shipment.objects.filter(order=OuterRef("order"))
    newer = siblings.filter(Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk")))
    waits = Wish.objects.filter(order=OuterRef("order"), state=Wish.State.ASKED).values("kind")
    money = {"total": F("order__total"), "currency": F("order__currency"), "books": F("order__shop_currency")}
    about = Shipment.objects.filter(pk__in=shipment_ids).annotate(newest=~Exists(newer), wishes=ArraySubquery(waits), **money)
    return about.annotate(own_total=F("order__shop_totals__total"), promised_to=F("order__promised_to"))


def _place(parcel: Any, beside: UsualOrder) -> dict[str, Any]:
    """What it is sorted by."""
    due: date | None = parcel.promised_on or parcel.promised_to or parcel.first_estimate_on
    money = Money(parcel.total, parcel.currency, parcel.books, parcel.own_total) if parcel.order_id else None
    return {"due_on": due or NO_DAY, "worth": -worth(money, beside) if money else 0}


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
