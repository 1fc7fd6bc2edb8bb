"""Time zones of places: for scans that tell a clock on a wall but no zone, and for 'the end of the day' at the shopper's."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from postpurchase.tenancy.models import Brand
from tracking import workdays

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
