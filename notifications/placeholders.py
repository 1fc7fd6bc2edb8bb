"""What a template may name: brand, order, parcel, dates, links. Text only, already in the shopper's language and money."""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

from notifications.cases import Case
from notifications.guards import slipped
from notifications.models import Stream
from orders.models import Customer, Line, Order
from postpurchase.lib import crypto
from postpurchase.tenancy.models import Brand
from postpurchase.ui import addresses, words
from postpurchase.ui.colour import email_palette
from tracking import estimates
from tracking.models import Shipment

CONFIRM = "confirm_consent"  # the template of the mail that asks whether a tick at checkout was meant


def context(case: Case) -> dict[str, Any]:
    """The template context of one message. Call it with the shopper's language and the brand's zone active."""
    found: dict[str, Any] = {"brand": brand(case.brand), **case.message.context}
    if case.order:
        found |= {"order": OrderWords(case.order, case.lines), "tracking_url": tracking_url(case.order, case.brand)}
        found |= {"guides": guides(case.brand), "review_url": case.brand.review_url or found["tracking_url"]}
        found |= _parcel(case, case.shipment, case.order) if case.shipment else {"promise_text": _promised(case.order, case.brand)}
    if not case.message.test:  # a test is read by the team, who choose nothing for the shopper
        found["preferences_url"] = f"{unsubscribe_url(case)}/choices"
    if case.message.stream == Stream.MARKETING:
        found["unsubscribe_url"] = unsubscribe_url(case)
    if case.message.template == CONFIRM:
        found["confirm_url"] = f"{unsubscribe_url(case)}/confirm"
    return found


def brand(row: Brand) -> dict[str, str]:
    """The look and the addresses of the shop."""
    return {
        **email_palette(row.accent, row.surface),
        "name": row.name,
        "logo_url": row.logo_url,
        "website": row.website,
        "support_email": row.support_email,
        "support_url": row.support_url,
        "postal_address": row.postal_address,
        "return_policy_url": row.return_policy_url,
        "return_policy_text": row.return_policy,
    }


def guides(row: Brand) -> list[dict[str, str]]:
    """Help with the product, if the shop has any."""
    return [{"title": row.guide_title, "text": row.guide_text, "url": row.guide_url}] if row.guide_title else []


class OrderWords:
    """What was bought, where it goes, what it cost: each written out when a template first names it."""

    def __init__(self, row: Order, lines: list[Line]) -> None:
        self._row, self._lines = row, lines
        self.number = row.number
        self.first_name = _called(row.customer) if row.customer else ""

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """Units, and their price together."""
        currency = self._row.currency
        return [_line(line, line.quantity, words.money(line.unit_price * line.quantity, currency)) for line in self._lines]

    @cached_property
    def totals(self) -> list[dict[str, str]]:
        """The sums above the total that are not zero."""
        return _totals(self._row)

    @cached_property
    def total_text(self) -> str:
        """What was paid."""
        return words.money(self._row.total, self._row.currency)

    @cached_property
    def refunded_text(self) -> str:
        """What has gone back so far."""
        return words.money(self._row.refunded_total, self._row.currency)

    @cached_property
    def refunded_whole(self) -> bool:
        """Nothing of the total is left."""
        return self._row.refunded_total >= self._row.total

    @cached_property
    def address_lines(self) -> list[str]:
        """Where it goes."""
        return address_lines(self._row.shipping_address)


def _called(person: Customer) -> str:
    """How a greeting names a person: by the first name; in Japanese by the family's."""
    return person.last_name or person.first_name if words.speech().language == "ja" else person.first_name


def _line(line: Line, quantity: int, total: str) -> dict[str, Any]:
    return {"title": line.title, "variant": line.variant, "quantity": quantity, "total_text": total, "image_url": line.image_url}


def _totals(row: Order) -> list[dict[str, str]]:
    return [{"label": one.label, "value": words.money(one.minor, row.currency)} for one in parts_of_total(row)]


class Part(NamedTuple):
    """An amount in minor units and what it is for. `within`: the others contain it already."""

    label: str
    minor: int
    within: bool = False


def parts_of_total(row: Order) -> list[Part]:
    """What an order's total is made of; what is nothing is left out."""
    codes = " ".join(row.discount_codes)
    tax = gettext("Tax, included") if row.taxes_included else gettext("Tax")
    named = [
        Part(gettext("Items"), row.items_total),
        Part(f"{gettext('Discount')} {codes}".strip(), -row.discount_total),
        Part(gettext("Shipping"), row.shipping_total),
        Part(tax, row.tax_total, row.taxes_included),
    ]
    return [one for one in named if one.minor]


def address_lines(address: dict[str, str] | None) -> list[str]:
    """An address as the lines of a label in its country, which is named in the active language."""
    return addresses.lines(address, words.country(address.get("country", ""))) if address else []


def tracking_url(row: Order, shop: Brand) -> str:
    """The shopper's page."""
    return f"{shop.portal_url}/t/{crypto.link_token(row.pk)}"


def unsubscribe_url(case: Case) -> str:
    """The page that stops marketing to this message's address."""
    return f"{case.brand.portal_url}/u/{crypto.link_token(case.message.pk)}"


def _promised(row: Order, shop: Brand) -> str:
    window = estimates.expected_window(row, shop)
    return _days(window.earliest, window.latest)


def _parcel(case: Case, parcel: Shipment, row: Order) -> dict[str, Any]:
    window = estimates.arrival(parcel, row, case.brand)
    promised = parcel.promised_on or row.promised_to
    said = promised or (window.first_told if window else None)
    return {
        "shipment": _shipment(case, parcel),
        "promise_text": _expected(window),
        "promised_text": _day(said) if said and window and said != window.latest else "",
        "promise_missed": bool(promised and window and window.misses(promised, words.now().date())),
        "delivered_text": _moment(parcel.delivered_at),
        "where_text": _where(parcel),
        "reason_text": _reason(parcel),
        "last_seen_text": _moment(parcel.last_scan_at),
        "window_text": "",
        "stalled": "stalled" in parcel.health and not (window and window.late) and not slipped(parcel),
        "place_text": case.pickup,
        "until_text": _day(case.pickup_until) if case.pickup_until else "",
        "proof_text": _proof(case, parcel),
        "attempt_text": gettext(ATTEMPTS[parcel.substatus]) if parcel.substatus in ATTEMPTS else "",
        **_together(case, row),
        "all_delivered": row.delivered_at is not None,
    }


def _together(case: Case, row: Order) -> dict[str, Any]:
    """The parcels that one message tells of, where there are several."""
    also = {*case.message.context.get("also", ())}
    told = [one for one in case.shipments if one == case.shipment or str(one.pk) in also]
    several = told if len(told) > 1 else []
    parcels = [_shipment(case, one) | {"expected": _expected(estimates.arrival(one, row, case.brand))} for one in several]
    return {"parcels": parcels, "parcel_count": len(parcels)}


def _expected(window: estimates.Window | None) -> str:
    return _days(window.earliest, window.latest) if window and not window.late else ""


ATTEMPTS = {
    "absent": gettext_noop("Nobody was there to take it."),
    "closed": gettext_noop("The place was closed."),
    "address": gettext_noop("The address was not found."),
}
REASONS = {
    "stalled": gettext_noop("The carrier has not scanned it for some days."),
    "late_vs_promise": gettext_noop("It should have been with you by now."),
    "late_vs_edd": gettext_noop("The carrier needs longer than it said."),
}


def _reason(parcel: Shipment) -> str:
    return next((gettext(text) for flag, text in REASONS.items() if flag in parcel.health), "")


def _shipment(case: Case, parcel: Shipment) -> dict[str, Any]:
    return {
        "carrier_name": parcel.carrier_name,
        "number": parcel.number,
        "carrier_url": parcel.carrier_url,
        "position": case.shipments.index(parcel) + 1,
        "count": len(case.shipments),
        "lines": [_line(line, quantity, "") for line, quantity in case.packed.get(parcel.pk, [])],
    }


PLACES = {
    "front_door": gettext_noop("at your door"),
    "letterbox": gettext_noop("in your letterbox"),
    "neighbour": gettext_noop("to a neighbour"),
    "collected": gettext_noop("collected by you"),
    "signed": gettext_noop("signed for"),
}


def _where(parcel: Shipment) -> str:
    if parcel.signed_by and parcel.substatus == "signed":
        return ""  # said by whom
    return gettext(PLACES[parcel.substatus]) if parcel.substatus in PLACES else ""


PROOFS = {"photo": gettext_noop("The carrier took a photo of it."), "signature": gettext_noop("The carrier has a signature.")}


def _proof(case: Case, parcel: Shipment) -> str:
    if parcel.signed_by:
        return gettext("Signed for by %(name)s.") % {"name": parcel.signed_by}
    return gettext(PROOFS[case.proof]) if case.proof else ""


def _moment(at: datetime | None) -> str:
    return words.moment(words.localised(at), words.now()) if at else ""


def _day(day: date) -> str:
    return words.day(day, words.now().date())


def _days(earliest: date, latest: date) -> str:
    """Days that are to come, or were: those that are over are left out while others are ahead."""
    earliest = max(earliest, min(words.now().date(), latest))
    if earliest >= latest:
        return _day(latest)
    if latest - earliest == timedelta(days=1):
        return gettext("%(one)s or %(other)s") % {"one": _day(earliest), "other": _day(latest)}
    return gettext("between %(first)s and %(last)s") % {"first": _day(earliest), "last": _day(latest)}
