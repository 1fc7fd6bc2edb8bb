"""What GET /v4/trackings/get may be asked for. A parameter that we do not know is refused: a misspelt filter must not list everything."""

from collections.abc import Mapping

from django.db.models import Q

from api.compat import rows, values, words
from api.trackingmore.show import WORDS
from api.trackingmore.wanted import CODES
from integrations.carriers import directory
from postpurchase.tenancy.gates import Key
from tracking import zones
from tracking.models import Shipment

PAIRS = {"created_date": "created_at", "updated_date": "changed_at", "shipping_date": "shipped_at"}
TIMES = tuple(f"{name}_{end}" for name in PAIRS for end in ("min", "max"))
LISTS = ("tracking_numbers", "courier_code", "order_numbers", "delivery_status")
KNOWN = ("pages_amount", "items_amount", "archived_status", "lang", *TIMES, *LISTS)
MOST = 200  # of a page and of a list
DEEPEST = 10_000  # rows: who reads further asks for a range of created_date


def wanted_page(key: Key, query: Mapping[str, str]) -> list[Shipment]:
    """The parcels of the page that the query means. Raises Problem naming the parameter that does not fit."""
    values.only(KNOWN, query)
    size, page = _whole(query, "items_amount", 100, MOST), _whole(query, "pages_amount", 1, DEEPEST)
    if (page - 1) * size >= DEEPEST:
        raise values.wrong("/pages_amount", f"goes beyond {DEEPEST} trackings: ask for a range of created_date instead")
    mine = rows.followed(key).filter(_times(query) & _lists(query)).order_by(*rows.NEWEST)
    ids = list(mine.values_list("pk", flat=True)[(page - 1) * size : page * size])
    return list(rows.whole(Shipment.objects.filter(pk__in=ids), rows.SCANS_IN_LIST).order_by(*rows.NEWEST))


def _whole(query: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = query.get(name) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise values.wrong(f"/{name}", f"must be a whole number from 1 to {most}")
    return int(text)


def _times(query: Mapping[str, str]) -> Q:
    zone, found = zones.named(rows.shop().time_zone), Q()
    for name, column in PAIRS.items():
        low, high = (values.moment(query.get(f"{name}_{end}"), f"/{name}_{end}", zone) for end in ("min", "max"))
        found &= rows.between(column, low, high)
    return found


def _lists(query: Mapping[str, str]) -> Q:
    told = {name: _split(query[name], name) for name in LISTS if query.get(name)}
    found = Q()
    if "tracking_numbers" in told:
        found &= Q(number__in=[directory.normalise_number(number) for number in told["tracking_numbers"]])
    if "courier_code" in told:
        found &= Q(carrier__in=[CODES.ours(code) for code in told["courier_code"]])
    if "order_numbers" in told:
        found &= Q(order__number_key__in=[number.lower() for number in told["order_numbers"]])
    if "delivery_status" in told:
        found &= _statuses(told["delivery_status"])
    return found


def _statuses(told: list[str]) -> Q:
    known, found = words.groups(WORDS), Q(pk__in=[])
    for status in told:
        if status not in known:
            raise values.wrong("/delivery_status", f"must be one of {', '.join(sorted(known))}")
        found |= words.under(WORDS, status)
    return found


def _split(text: str, name: str) -> list[str]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if len(found) > MOST:
        raise values.wrong(f"/{name}", f"holds more than {MOST} entries: ask for fewer at once")
    return found
