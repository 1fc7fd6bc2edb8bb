"""Codes that no table of ours has: counted as they come, given a meaning by the merchant, and history read anew with it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from integrations.carriers import words
from integrations.carriers.mapping import UNMAPPED, Meaning, in_our_words
from postpurchase.events import bus
from postpurchase.events.catalogue import Fact, OrderDelivered, ShipmentMoved
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy import scope
from postpurchase.tenancy.statement import as_json, execute
from tracking import zones
from tracking.models import CarrierCode, Scan
from tracking.reading import Mapped, Told, is_own, whose
from tracking.settle import settle

PORTION = 200  # parcels that are read anew in one transaction
NEWS = timedelta(days=1)  # what history says now of longer ago is no news: nobody is told
MOST_OF_SOURCE = 200  # codes of a mapping that its page shows
WORK = "tracking.tasks.reread"

COUNT = """
INSERT INTO tracking_carriercode (id, merchant_id, source, carrier, code, text, scans, first_seen_at, last_seen_at, status, substatus,
    redo_done)
SELECT id, %(merchant)s, source, carrier, code, text, scans, %(now)s, %(now)s, '', '', 0
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, source text, carrier text, code text, text text, scans int)
ORDER BY source, carrier, code
ON CONFLICT (merchant_id, source, carrier, code) DO UPDATE
SET scans = tracking_carriercode.scans + excluded.scans, last_seen_at = excluded.last_seen_at, text = excluded.text"""


def mapped() -> Mapped:
    """What the merchant says of codes. One query."""
    rows = CarrierCode.objects.exclude(status="").values_list("source", "carrier", "code", "status", "substatus")
    return {(source, carrier, code): in_our_words(status, substatus) for source, carrier, code, status, substatus in rows}


def count(fresh: Sequence[Told]) -> None:
    """Note the codes of new scans that no table has. One statement, none where there are none."""
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    for item in fresh:
        if item.columns["unlisted"]:
            source = item.columns["source"]
            key = (source, whose(source, item.columns["carrier"]), item.columns["code"])
            seen = found.get(key, {"scans": 0})["scans"]
            named = dict(zip(("source", "carrier", "code"), key, strict=True))
            found[key] = {**named, "text": item.columns["text"], "scans": int(str(seen)) + 1}
    if found:
        rows = [row | {"id": row_id} for row, row_id in zip(found.values(), uuid7s(len(found)), strict=True)]
        execute(COUNT, rows=as_json(rows), now=clock.business_now())


def give(row: CarrierCode, status: str, substatus: str = "") -> None:
    """Say what the code means ('' takes it back): of scans to come at once, of history by tasks, a portion at a time."""
    row.status, row.substatus = status, substatus if status else ""
    row.redo_after, row.redo_done, row.redo_total = None, 0, parcels(row).count()
    row.save(update_fields=None if row._state.adding else ["status", "substatus", "redo_after", "redo_done", "redo_total"])
    nudge.after_commit(WORK, scope.merchant_id())


def give_all(source: str, meanings: Mapping[str, str]) -> list[str]:
    """Say what the codes of a merchant's own mapping mean; '' takes a meaning back. Returns those that changed, in their order."""
    held = {row.code: row for row in CarrierCode.objects.filter(source=source, carrier="").select_for_update(of=("self",)).order_by("id")}
    changed = []
    for code, status in meanings.items():
        row = held.get(code)
        if status != (row.status if row else ""):
            give(row or CarrierCode(source=source, code=code), status)
            changed.append(code)
    return changed


def said(text: str, code: str) -> str:
    """The status that the text of a scan says surely where nobody has said what its code means; '' for none."""
    return words.guess(text, coded=bool(code)).status


def of_source(source: str) -> dict[str, str]:
    """Code -> the merchant's meaning, of all codes that a source has sent or been told of; the most frequent first."""
    rows = CarrierCode.objects.filter(source=source, carrier="").order_by("-scans", "code")
    return dict(rows.values_list("code", "status")[:MOST_OF_SOURCE])


def parcels(row: CarrierCode) -> QuerySet[Scan, UUID]:
    """The ids of the parcels that have a scan with the code, each once."""
    return _scans(row).values_list("shipment_id", flat=True).distinct()


def reread() -> bool:
    """Read a portion anew, of one code of the merchant in scope. Whether there may be more."""
    under_way = CarrierCode.objects.filter(redo_total__isnull=False).order_by("id").select_for_update(skip_locked=True, of=("self",))
    row = under_way.first()
    if row is None:
        return False
    rows = parcels(row) if row.redo_after is None else parcels(row).filter(shipment_id__gt=row.redo_after)
    found = list(rows.order_by("shipment_id")[:PORTION])
    meant = in_our_words(row.status, row.substatus) if row.status else UNMAPPED
    _scans(row).filter(shipment_id__in=found).update(**_columns(meant))
    bus.publish_all([fact for fact in settle(found, home_zone=zones.of_brand()) if _is_news(fact)])
    row.redo_done += len(found)
    row.redo_after = found[-1] if found else row.redo_after
    row.redo_total = row.redo_total if len(found) == PORTION else None
    row.save(update_fields=["redo_after", "redo_done", "redo_total"])
    return True


def _scans(row: CarrierCode) -> QuerySet[Scan]:
    rows = Scan.objects.filter(unlisted=True, source=row.source, code=row.code)
    return rows if is_own(row.source) else rows.filter(carrier=row.carrier)


def _columns(meant: Meaning) -> dict[str, str]:
    return {"status": meant.status, "substatus": meant.substatus, "party": meant.party, "action_required": meant.action_required}


def _is_news(fact: Fact) -> bool:
    """A parcel that moved long ago is told to nobody now; what is wrong with it now is."""
    return not isinstance(fact, ShipmentMoved | OrderDelivered) or fact.at > clock.business_now() - NEWS
