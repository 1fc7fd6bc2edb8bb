"""The shop's pick-up points: kept, and those that fit a parcel, the nearest first."""

import re
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from tracking.point import PickupPoint

PAGE = 500
MOST = 5  # that a shopper chooses from
TOLD = ("name", "carrier", "street", "postcode", "city", "country", "hours")
SAME = ("country", "near", "name", "street", "carrier")  # by which a point is known
APART = re.compile(r"[^0-9A-Za-z]")


class Known(Exception):
    """The shop has this point already."""


def add(told: dict[str, str]) -> PickupPoint:
    """A new one, switched on; `told` has a text for each of TOLD, the country as ISO 3166-1 alpha-2. Raises Known."""
    return _kept(PickupPoint(**told))


def add_all(told: Sequence[dict[str, str]], on: Sequence[bool] | None = None) -> int:
    """Add many in one statement, or bring those that are there up to date; how many are new. `on`: whether each is offered.

    None leaves those that are there as they are and offers the others. Of rows that say the same point, the last counts.
    """
    rows = dict[tuple[str, ...], PickupPoint]()
    for one, offered in zip(told, on or [True] * len(told), strict=True):
        row = PickupPoint(**one, near=near(one["postcode"]), on=offered)
        rows[tuple(getattr(row, name) for name in SAME)] = row
    near_them, there = {row.near for row in rows.values()}, {row.country for row in rows.values()}
    known = set(PickupPoint.objects.filter(country__in=there, near__in=near_them).values_list(*SAME))
    PickupPoint.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["merchant", *SAME],
        update_fields=["postcode", "city", "hours", *(["on"] if on else [])],
    )
    return len(rows.keys() - known)


def change(row: PickupPoint, told: dict[str, str]) -> None:
    """Make it say this. Raises Known where another one says the same."""
    for name in TOLD:
        setattr(row, name, told[name])
    _kept(row)


def switch(row: PickupPoint, *, on: bool) -> None:
    """Offer it, or offer it no longer. What was asked for already stays as it is."""
    row.on = on
    row.save(update_fields=["on"])


def beyond(after: UUID | None) -> list[PickupPoint]:
    """The next PAGE of them in the order they were made, behind the one of that id."""
    rows = PickupPoint.objects.order_by("id")
    return list((rows.filter(pk__gt=after) if after else rows)[:PAGE])


def told(row: PickupPoint) -> dict[str, str]:
    """What it says."""
    return {name: getattr(row, name) for name in TOLD}


def request_of(row: PickupPoint) -> str:
    """It as the shop reads it in a request; shorter than a wish may be."""
    return ", ".join(part for part in (row.name, row.address, row.hours) if part)


def fitting(country: str, postcode: str, carriers: Collection[str]) -> list[PickupPoint]:
    """At most MOST of those switched on in the country that take parcels of one of the carriers (none named: of any).

    The more of its postcode a point shares with `postcode`, counted from the front, the earlier it comes. Two statements that read no
    more rows than they need: in the order of postcodes, what begins alike stands beside it on either side.
    """
    here = near(postcode)
    rows = PickupPoint.objects.filter(country=country, on=True)
    if carriers:
        rows = rows.filter(carrier__in={"", *carriers})
    after = rows.filter(near__gte=here).order_by("near", "id")[:MOST]
    before = rows.filter(near__lt=here).order_by("-near", "-id")[:MOST]
    return _nearest(here, (*after, *before))


def near(postcode: str) -> str:
    """A postcode as it is compared: letters and digits, in upper case."""
    return APART.sub("", postcode).upper()


def shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _nearest(here: str, rows: Iterable[PickupPoint]) -> list[PickupPoint]:
    return sorted(rows, key=lambda row: (-shared(here, row.near), row.near, row.pk))[:MOST]


def _kept(row: PickupPoint) -> PickupPoint:
    row.near = near(row.postcode)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "one_pickup_point" not in str(error):
            raise
        raise Known from error
    return row
