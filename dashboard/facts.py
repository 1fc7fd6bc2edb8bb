"""The facts beside an order's story: who, what, for how much."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links
from dashboard.orders import name_of
from notifications.consent import consents, suppressed
from notifications.models import Suppression
from notifications.placeholders import address_lines, parts_of_total
from orders.models import Order
from postpurchase.ui import words
from tracking.models import Shipment


def person(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Who ordered, how to reach them, and what we may write to them. Three queries."""
    count = Order.objects.filter(customer=order.customer_id).count() if order.customer_id else 0
    return {
        "name": name_of(order),
        "email": order.email,
        "phone": order.phone or (order.customer.phone if order.customer else ""),
        "address_lines": address_lines(order.shipping_address),
        "language": language(order.locale),
        "consent": may_write(order.email),
        "orders_text": ngettext("%(n)s order", "%(n)s orders", count) % {"n": count},
        "orders_url": links.to(request, "orders", {"q": order.email}) if order.email and count else "",
        "tags": order.tags,
    }


def language(code: str) -> str:
    """The language's own English name, or what the shop said."""
    try:
        return str(Locale.parse(code.replace("-", "_")).get_display_name(words.locale())).capitalize() if code else _("Not told")
    except (UnknownLocaleError, ValueError):
        return code


def may_write(email: str) -> list[str]:
    """What we may write to an address: order messages, news."""
    out = suppressed([email]).get(email, set())
    agreed = consents([email]).get(email)
    orders = _("Order messages: no, the address bounced or complained") if Suppression.ALL in out else _("Order messages: yes")
    if "marketing" in out or agreed is False:
        return [orders, _("News: no, unsubscribed")]
    return [orders, _("News: yes") if agreed else _("News: not agreed")]


def items(order: Order, parcels: Iterable[Shipment]) -> list[dict[str, Any]]:
    """The lines, and which of the parcels carry them."""
    carried: dict[UUID, list[int]] = defaultdict(list)
    for place, parcel in enumerate(parcels, 1):
        for item in parcel.items.all():
            carried[item.line_id].append(place)
    return [
        {
            "title": line.title,
            "variant": line.variant,
            "quantity": line.quantity,
            "parcel_text": _in_parcels(carried[line.pk]),
            "total_minor": line.total,
            "image_url": line.image_url,
        }
        for line in order.lines.all()
    ]


def _in_parcels(places: list[int]) -> str:
    said = ", ".join(map(str, places))
    return ngettext("parcel %(n)s", "parcels %(n)s", len(places)) % {"n": said} if places else ""


def items_note(order: Order) -> str:
    """How many pieces."""
    count = sum(line.quantity for line in order.lines.all())
    return ngettext("%(n)s piece", "%(n)s pieces", count) % {"n": count}


def money(order: Order) -> dict[str, Any]:
    """The sums above the total, what was paid, what went back."""
    lines = [{"label": one.label, "minor": one.minor, "quiet": one.within} for one in parts_of_total(order)]
    return {"money": lines, "paid": paid(order), "refunded_minor": order.refunded_total}


def paid(order: Order) -> str:
    """The badge of the money: refunds first, then what the shop says."""
    if order.refunded_total:
        return "refunded" if order.refunded_total >= order.total else "partly_refunded"
    return {"paid": "paid", "pending": "payment_pending", "authorized": "payment_pending"}.get(order.financial_status.lower(), "")
