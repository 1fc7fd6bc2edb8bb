"""The carrier of parcels that nobody told it of but scans: that of the earliest scan which names one, whichever comes in first."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from tracking import find
from tracking.models import Leg, Scan, Shipment


def name_by_scans(unsure: Collection[UUID], touched: Collection[UUID]) -> None:
    """Name the carrier of those parcels, and of the legs that stand for their own number, anew.

    All that the transaction is about to settle (`touched`) are locked first, in the order of their ids, as settle does.
    """
    rows = list(Shipment.objects.filter(pk__in=touched).order_by("pk").select_for_update(no_key=True, of=("self",)))
    rows = [row for row in rows if row.pk in unsure and (row.carrier_seen or not find.known(row.carrier))]
    legs = list(Leg.objects.filter(shipment_id__in=[row.pk for row in rows]).order_by("shipment_id", "position"))
    told = _told(rows)
    lives = find.lives_of({leg.number for leg in legs})
    for row in rows:
        mine = [leg for leg in legs if leg.shipment_id == row.pk]
        others = {leg.carrier for leg in mine if leg.number != row.number}  # they brought scans of their own
        names = [(first, carrier) for carrier, first in told.get(row.pk, {}).items() if carrier not in others]
        if names and (carrier := min(names)[1]) != row.carrier:
            _name(row, carrier, [leg for leg in mine if leg.number == row.number], lives)


def _told(rows: Collection[Shipment]) -> dict[UUID, dict[str, datetime]]:
    """Of each parcel: the carriers that its scans name, and when each was seen first."""
    found: dict[UUID, dict[str, datetime]] = {}
    named = Scan.objects.filter(shipment_id__in=[row.pk for row in rows]).exclude(carrier__in=find.VAGUE)
    for shipment_id, carrier, first in named.values_list("shipment_id", "carrier").annotate(first=Min("occurred_at")):
        found.setdefault(shipment_id, {})[carrier] = first
    return found


def _name(row: Shipment, carrier: str, legs: list[Leg], lives: find.Lives) -> None:
    row.carrier, row.carrier_seen = carrier, True
    row.save(update_fields=["carrier", "carrier_seen"])
    for leg in legs:
        leg.carrier, leg.epoch = carrier, find.next_epoch(lives[leg.number], carrier)
        leg.save(update_fields=["carrier", "epoch"])
        lives[leg.number] = find.renamed(lives[leg.number], leg)
