"""What a merchant's text may name, with words and an example for each: the list of the editor, and all that a template can reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LINE = ("title", "variant", "quantity", "total_text", "image_url")
SHIPMENT = ("carrier_name", "number", "carrier_url", "position", "count")
BRAND = ("name", "website", "support_email", "support_url", "postal_address", "return_policy_url", "return_policy_text")


@dataclass(frozen=True)
class Name:
    """A name, what it is, what it may be. `of_parcel`: only messages about a parcel fill it."""

    name: str
    words: str | Promise
    example: str
    of_parcel: bool = False

    @property
    def tag(self) -> str:
        """As it is written."""
        return f"{{{{ {self.name} }}}}"


NAMES = (
    Name("order.first_name", _("First name"), "Anna"),
    Name("order.number", _("Order number"), "#1043"),
    Name("order.total_text", _("Total"), "€128.40"),
    Name("tracking_url", _("Tracking page"), "https://track.northlight.example/t/abc"),
    Name("review_url", _("Page for reviews"), "https://northlight.example/review"),
    Name("promise_text", _("When it arrives"), "Thursday, 26 November"),
    Name("promised_text", _("When it was to arrive at first"), "Wednesday, 25 November", of_parcel=True),
    Name("window_text", _("Time of day"), "between 09:00 and 13:00", of_parcel=True),
    Name("delivered_text", _("When it was delivered"), "today 11:42", of_parcel=True),
    Name("where_text", _("Where it was left"), "in your letterbox", of_parcel=True),
    Name("proof_text", _("What shows that it was delivered"), "Signed for by A. Berg.", of_parcel=True),
    Name("reason_text", _("Why it is late"), "The carrier has not scanned it for some days.", of_parcel=True),
    Name("last_seen_text", _("Last seen"), "today 08:12", of_parcel=True),
    Name("shipment.carrier_name", _("Carrier"), "DHL", of_parcel=True),
    Name("shipment.number", _("Parcel number"), "00340434161094042557", of_parcel=True),
    Name("shipment.carrier_url", _("The carrier’s page"), "https://www.dhl.de/", of_parcel=True),
    Name("shipment.position", _("Which parcel"), "1", of_parcel=True),
    Name("shipment.count", _("How many parcels"), "2", of_parcel=True),
    Name("brand.name", _("Your shop’s name"), "Northlight"),
    Name("brand.website", _("Your website"), "https://northlight.example/"),
    Name("brand.support_email", _("Your email for help"), "help@northlight.example"),
    Name("brand.support_url", _("Your page for help"), "https://northlight.example/contact"),
    Name("brand.return_policy_url", _("Your page about returns"), "https://northlight.example/returns"),
    Name("brand.return_policy_text", _("Your return policy"), "You can return anything within 30 days."),
    Name("brand.postal_address", _("Your postal address"), "Södra Hamngatan 7, 411 14 Gothenburg"),
)
TEXTS = tuple(one.name for one in NAMES if "." not in one.name)
LISTS = ("order.lines", "order.totals", "order.address_lines", "shipment.lines", "guides")
FLAGS = ("all_delivered", "promise_missed")
KNOWN = frozenset((*(one.name for one in NAMES), *LISTS, *FLAGS, "unsubscribe_url"))


def plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a message knows (placeholders.context) what a text may name, as texts and numbers in plain dictionaries and lists.

    Names without a value are left out: `if` is then false, as whoever writes it expects, where '' would be true in Liquid.
    """
    order, parcel, brand = found.get("order"), found.get("shipment") or {}, found.get("brand") or {}
    names: dict[str, Any] = {name: _word(found.get(name)) for name in (*TEXTS, "unsubscribe_url")}
    names |= {
        **{name: bool(found.get(name)) for name in FLAGS},
        "order": _order(order),
        "shipment": {key: _word(parcel.get(key)) for key in SHIPMENT} | {"lines": _rows(parcel.get("lines", ()), LINE)},
        "brand": {key: _word(brand.get(key)) for key in BRAND},
        "guides": _rows(found.get("guides", ()), ("title", "text", "url")),
    }
    return _filled(names)


def _order(order: Any) -> dict[str, Any]:
    """OrderWords, or a dictionary of the same."""
    part: Callable[[str], Any] = order.get if isinstance(order, dict) else partial(_attribute, order)
    return {key: _word(part(key)) for key in ("number", "first_name", "total_text")} | {
        "lines": _rows(part("lines") or (), LINE),
        "totals": _rows(part("totals") or (), ("label", "value")),
        "address_lines": [_word(one) for one in part("address_lines") or ()],
    }


def _attribute(row: Any, key: str) -> Any:
    return getattr(row, key, None)


def _rows(rows: Any, keys: tuple[str, ...]) -> list[dict[str, str | int]]:
    return [{key: _word(row.get(key)) for key in keys} for row in rows]


def _word(value: Any) -> str | int:
    """A number as it is, anything else as a text of its own: nothing of the product comes along."""
    if value.__class__ is int:
        found: int = value
        return found
    return "" if value is None else str.__str__(value) if value.__class__ is str else str(value)


def _filled(names: dict[str, Any]) -> dict[str, Any]:
    return {key: _filled(value) if isinstance(value, dict) else value for key, value in names.items() if value != ""}
