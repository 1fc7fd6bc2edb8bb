"""Time zones of places: for scans that tell a clock on a wall but no zone, and for 'the end of the day' at the shopper's."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from postpurchase.tenancy.models import Brand
from tracking import workdays, zone_table

# Countries with several zones: the one that most of their people live in. The rest come from CLDR (territory_zones).
MAIN = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "FR": "Europe/Paris", "GB": "Europe/London", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip


NOWHERE = "ZZ"  # CLDR: unknown region


@lru_cache(maxsize=512)
def named(name: str) -> ZoneInfo:
    """The IANA zone of that name; UTC for one we do not have."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=1024)
def of_country(country: str, fallback: str) -> ZoneInfo:
    """The main zone of a country (ISO 3166-1 alpha-2), or the zone named `fallback` for no or an unknown country."""
    code = country.strip().upper()
    zones = [MAIN[code]] if code in MAIN else get_global("territory_zones").get(code, [])
    return named(zones[0] if zones and code != NOWHERE else fallback)


def of_place(country: str, postcode: str, region: str, fallback: str, *, explicit: str = "") -> ZoneInfo:
    """The likeliest zone of a person: the one they named, else where their parcel goes, else `fallback` (the brand's)."""
    return all_of_place(country, postcode, region, fallback, explicit=explicit)[0]


@lru_cache(maxsize=4096)
def all_of_place(country: str, postcode: str, region: str, fallback: str, *, explicit: str = "") -> tuple[ZoneInfo, ...]:
    """Every zone that a person may be in, the likeliest first: one where it is known, all of the country's where only that is.

    `explicit`: what they named; `country` (ISO 3166-1 alpha-2), `postcode` and `region` (ISO 3166-2, with or without the country) of the
    address that the parcel goes to; `fallback`: the brand's zone, for no or an unknown country.
    """
    code = country.strip().upper()
    if explicit and known(explicit):
        return (named(explicit),)
    found = zone_table.row_of(code, postcode)
    names = list(found.zones) if found else _zones_of_region(code, region_code(region))
    names = names or [of_country(code, fallback).key, *sorted(_zones_of_country(code))]
    return tuple(named(name) for name in dict.fromkeys(names) if known(name)) or (named(fallback),)


def region_of(country: str, postcode: str, region: str = "") -> str:
    """The region's code without the country's (FL): as the postcode says, else as it was given; '' where neither says."""
    found = zone_table.row_of(country.strip().upper(), postcode)
    return found.region if found and found.region else region_code(region)


def region_code(region: str) -> str:
    """FL for 'US-FL', 'fl' and 'FL'; '' for a name, which we do not read."""
    code = region.strip().upper().rpartition("-")[2]
    return code if len(code) <= 3 else ""


def _zones_of_region(country: str, region: str) -> list[str]:
    return [zone for row in zone_table.rows(country) if region and row.region == region for zone in row.zones]


def _zones_of_country(country: str) -> list[str]:
    """As CLDR lists them: territories with a code of their own (Guam) are not the country's."""
    return [] if country == NOWHERE else list(get_global("territory_zones").get(country, []))


@lru_cache(maxsize=512)
def known(name: str) -> bool:
    """Whether we have a zone of that name."""
    return named(name).key == name


@lru_cache(maxsize=512)
def country_of(zone: str) -> str:
    """The country a zone lies in ('Europe/Berlin' is DE), or ''."""
    return str(get_global("zone_territories").get(zone, "")).replace("001", "")


def of_brand() -> str:
    """The name of the zone that the merchant in scope keeps; UTC without a brand. One query."""
    return Brand.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which that day is over in the zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def after_working_days(start: datetime, days: int, zone: ZoneInfo, country: str = "") -> datetime:
    """`days` working days of the country after `start`, at the same time of day; a day off counts from the next one. In UTC."""
    local = start.astimezone(zone)
    if not workdays.is_working(local.date(), country):
        local = datetime.combine(workdays.add(local.date(), 1, country), time.min, zone)
    return datetime.combine(workdays.add(local.date(), days, country), local.timetz().replace(tzinfo=None), zone).astimezone(UTC)
