"""Every parcel: views, filters, a page at a time. The numbers of home lead here, so their conditions are the same."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import links, lists, standing, wanting
from dashboard.orders import PARCEL_WORDS, RECENT
from dashboard.page import page, show
from integrations.carriers import directory
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import words
from tracking import overview
from tracking.models import Shipment, Status
from transfers.models import Subject

VIEWS: dict[str, Q] = {
    "": overview.STANDS,
    "attention": overview.NEEDS_EYE,
    "open": overview.STANDS & overview.OPEN,
    "moving": overview.STANDS & overview.MOVING,
    "delivered": overview.STANDS & Q(status=Status.DELIVERED),
    "cancelled": Q(cancelled_at__isnull=False),
}
CONCERNS = ("late", "stalled", "undelivered", "exceptions")  # home counts these whether or not the shop took the parcel back
PERIODS = {"7d": 7, "30d": 30}
PROMISED = {
    "past": lazy("before today, not there"),
    "today": lazy("today"),
    "week": lazy("in the next 7 days"),
    "none": lazy("no day"),
}
NAMES = ("parcel", "carrier", "promised", "came", "made", "ids")
KEYS = ("-created_at", "-id")


@page(Role.VIEWER)
def shipments(request: HttpRequest, slug: str) -> HttpResponse:
    """The list that the address describes."""
    asked = request.GET
    found = lists.one_page(request, wanted(asked), KEYS)
    context = {
        **lists.views(asked, _views(), asked.get("view", "")),
        "filters": lists.chips(asked, _filters()),
        "pager": lists.pager(request, found, "created_at"),
        "rows": [_row(request, parcel) for parcel in found.items],
        "empty": _empty(request),
        **wanting.context(request, Subject.SHIPMENTS),
    }
    return show(request, "dashboard/shipments.html", "shipments", {"shipments": context})


def wanted(asked: QueryDict) -> QuerySet[Shipment]:
    """The parcels that an address asks for. A view or filter that does not exist finds nothing."""
    view, parcel = asked.get("view", ""), asked.get("parcel", "")
    base = Q() if parcel in CONCERNS and not view else VIEWS.get(view, lists.NOTHING)
    conditions = [base, lists.picked(asked, "shp")]
    if parcel:
        conditions.append(overview.PARCEL.get(parcel, lists.NOTHING))
        conditions += [overview.NEEDS_EYE] if parcel in CONCERNS else []  # says no more, and names the index that has them
    if carrier := asked.get("carrier"):
        conditions.append(Q(carrier=carrier))
    if promised := asked.get("promised"):
        conditions.append(_promised(promised))
    for name, column in (("came", "delivered_at"), ("made", "created_at")):
        if period := asked.get(name):
            conditions.append(Q(**{f"{column}__gte": lists.days_ago(PERIODS[period])}) if period in PERIODS else lists.NOTHING)
    rows = Shipment.objects.filter(*conditions).select_related("order__customer")
    return rows.defer("order__extra", "order__marketing_consent", "order__shop_totals")


def _promised(period: str) -> Q:
    """By the merchant's promise for the parcel, else for its order."""
    today = words.now().date()
    of_order = Q(promised_on=None)
    if period == "none":
        return of_order & (Q(order=None) | Q(order__promised_to=None))
    last = lists.days_ago(-5).date()  # six days from now: a week with today
    days = {"today": (today, today), "week": (today, last)}.get(period)
    if period == "past":
        return overview.OPEN & (Q(promised_on__lt=today) | of_order & Q(order__promised_to__lt=today))
    return Q(promised_on__range=days) | of_order & Q(order__promised_to__range=days) if days else lists.NOTHING


def _views() -> list[tuple[str, str, int | None]]:
    return [
        ("", _("All"), None),
        ("attention", _("Needs you"), Shipment.objects.filter(overview.NEEDS_EYE).count()),
        ("open", _("Open"), None),
        ("moving", _("On the way"), None),
        ("delivered", _("Delivered"), None),
        ("cancelled", _("Taken back"), None),
    ]


def _filters() -> list[lists.Filter]:
    carriers = [(code, directory.display(code)) for code in overview.carriers(clock.business_now() - RECENT)]
    periods = [("7d", _("last 7 days")), ("30d", _("last 30 days"))]
    return [
        lists.Filter("parcel", _("Parcel"), [(key, str(word)) for key, word in PARCEL_WORDS.items()]),
        lists.Filter("carrier", _("Carrier"), carriers),
        lists.Filter("promised", _("Promised"), [(key, str(word)) for key, word in PROMISED.items()]),
        lists.Filter("came", _("Delivered"), periods),
        lists.Filter("made", _("Made"), periods),
    ]


def _row(request: HttpRequest, parcel: Shipment) -> dict[str, Any]:
    brand: Brand = request.brand  # type: ignore[attr-defined]
    order = parcel.order
    look = standing.Look("cancelled") if parcel.cancelled_at else standing.of_parcel(parcel, order, brand)
    came = words.localised(parcel.delivered_at).date() if parcel.delivered_at else None
    return {
        "id": to_public("shp", parcel.pk),
        "url": links.to(request, "order", order_id=order.pk) if order else parcel.carrier_url,
        "number": parcel.number or _("no number"),
        "carrier": parcel.carrier_name,
        "badge": look.badge,
        "badge_word": look.word,
        "order": order.number if order else "",
        "shopper": (order.customer.name if order.customer else order.ship_to_name or order.email) if order else "",
        "due": standing.due_on(parcel, order),
        "expected": came or standing.expected_on(parcel, order, brand),
        "at": parcel.created_at,
    }


def _empty(request: HttpRequest) -> dict[str, Any]:
    everything = {"url": links.to(request, "shipments"), "label": _("Show all parcels"), "icon": ""}
    if any(request.GET.get(name) for name in (*NAMES, "after")):
        text = _("No parcel passes all of these filters. Take one off, or start again.")
        return {"icon": "list-filter", "title": _("No parcel matches"), "text": text, "act": everything}
    if request.GET.get("view"):
        text = _("When a parcel belongs in this view, it appears here by itself.")
        return {"icon": "circle-check", "title": _("Nothing here"), "text": text, "act": everything}
    text = _("Parcels appear here as your shop hands them to a carrier. None has been told yet.")
    return {"icon": "truck", "title": _("No parcels yet"), "text": text, "act": None}
