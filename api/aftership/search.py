"""What GET /trackings may be asked for. A parameter that we do not know is refused: a misspelt filter must not list everything."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from api.aftership.show import WORDS
from api.aftership.wanted import SLUGS
from api.compat import rows, values, words
from integrations.carriers import directory
from postpurchase.tenancy.gates import Key
from tracking import zones
from tracking.models import Shipment

TIMES = ("created_at_min", "created_at_max", "updated_at_min", "updated_at_max")
LISTS = ("tracking_numbers", "slug", "tag", "origin", "destination", "order_id", "return_to_sender")
KNOWN = ("cursor", "limit", "fields", "lang", "keyword", *TIMES, *LISTS)
MOST = 200  # of one list


def wanted_rows(key: Key, query: Mapping[str, str]) -> QuerySet[Shipment]:
    """The parcels that the query means. Raises Problem naming the parameter that does not fit."""
    values.only(KNOWN, query)
    return rows.followed(key).filter(_times(query) & _lists(query) & _keyword(query.get("keyword", "")))


def _times(query: Mapping[str, str]) -> Q:
    zone = zones.named(rows.shop().time_zone)
    low, high, newer, older = (values.moment(query.get(name), f"/{name}", zone) for name in TIMES)
    return rows.between("created_at", low, high) & rows.between("changed_at", newer, older)


def _lists(query: Mapping[str, str]) -> Q:
    found = Q()
    told = {name: _split(query[name], name) for name in LISTS if query.get(name)}
    if "tracking_numbers" in told:
        found &= Q(number__in=[directory.normalise_number(number) for number in told["tracking_numbers"]])
    if "slug" in told:
        found &= Q(carrier__in=[SLUGS.ours(slug) for slug in told["slug"]])
    if "origin" in told:
        found &= Q(origin_country__in=[values.country(code, "/origin") for code in told["origin"]])
    if "destination" in told:
        found &= Q(order__ship_country__in=[values.country(code, "/destination") for code in told["destination"]])
    if "order_id" in told:
        found &= Q(order__external_id__in=told["order_id"])
    if "tag" in told:
        found &= _tags(told["tag"])
    if told.get("return_to_sender") in (["true"], ["false"]):
        back = Q(status__in=("returning", "returned"))
        found &= back if told["return_to_sender"] == ["true"] else ~back
    return found


def _tags(told: list[str]) -> Q:
    known, found = words.groups(WORDS.tags), Q(pk__in=[])
    for tag in told:
        if tag not in known:
            raise values.wrong("/tag", f"must be one of {', '.join(sorted(known))}")
        found |= words.under(WORDS.tags, tag)
    return found


def _keyword(text: str) -> Q:
    """A number, the order's number or id, or an email: whole, because half of a word is nothing an index finds."""
    plain = text.strip()
    if not plain:
        return Q()
    lower = plain.lower().removeprefix("#")
    whole = Q(number=directory.normalise_number(plain)) | Q(order__number_key__in=[lower, f"#{lower}"])
    return whole | Q(order__external_id=plain) | Q(order__email=plain.lower())


def _split(text: str, name: str) -> list[str]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if len(found) > MOST:
        raise values.wrong(f"/{name}", f"holds more than {MOST} entries: ask for fewer at once")
    return found
