"""Every order: views, search, filters, a page at a time."""

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard import links, lists, standing, wanting
from dashboard.page import page, show
from integrations.carriers import directory
from orders import lookup
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import words
from tracking import overview
from tracking.models import Shipment
from transfers.models import Subject

STANDS = Q(cancelled_at=None)
VIEWS: dict[str, Q] = {
    "": Q(),
    "attention": Q(overview.has_parcel(overview.NEEDS_EYE)),
    "open": STANDS & Q(delivered_at=None),
    "late": Q(overview.has_parcel(overview.PARCEL["late"])),
    "delivered": STANDS & Q(delivered_at__isnull=False),
    "cancelled": Q(cancelled_at__isnull=False),
}
SINCE = {"7d": 7, "30d": 30, "90d": 90}
RECENT = timedelta(days=90)  # what the choices of a filter are taken from
KEYS = ("-placed_at", "-id")
UNSEEN = ("extra", "marketing_consent", "shop_totals")


PARCEL_WORDS = {
    "late": lazy("late"),
    "stalled": lazy("stalled"),
    "undelivered": lazy("tried, not delivered"),
    "exceptions": lazy("held up"),
    "label": lazy("label made"),
    "in_transit": lazy("on the way"),
    "out_for_delivery": lazy("out for delivery"),
    "available_for_pickup": lazy("ready to collect"),
    "returning": lazy("going back"),
    "delivered": lazy("delivered"),
}


@page(Role.VIEWER)
def orders(request: HttpRequest, slug: str) -> HttpResponse:
    """The list that the address describes."""
    asked = request.GET
    found = lists.one_page(request, wanted(asked), KEYS)
    view = asked.get("view", "")
    context = {
        **lists.views(asked, _views(), view),
        "filters": lists.chips(asked, _filters()),
        "pager": lists.pager(request, found, "placed_at"),
        "query": asked.get("q", "").strip(),
        "rows": [_row(request, order) for order in found.items],
        "empty": _empty(request),
        **wanting.context(request, Subject.ORDERS),
    }
    return show(request, "dashboard/orders.html", "orders", {"orders": context})


def wanted(asked: QueryDict) -> QuerySet[Order]:
    """The orders that an address asks for, with what a row needs. A view or filter that does not exist finds nothing."""
    rows = _searched(asked.get("q", "").strip()).filter(VIEWS.get(asked.get("view", ""), lists.NOTHING), *_conditions(asked))
    parcels = Prefetch("shipments", Shipment.objects.order_by("created_at", "id"))
    return rows.select_related("customer").defer(*UNSEEN).prefetch_related(parcels)


def _searched(query: str) -> QuerySet[Order]:
    if not query:
        return Order.objects.all()
    by_number = overview.orders_of_number(query)
    return Order.objects.filter(pk__in=by_number) if by_number else lookup.search(query)


def _conditions(asked: QueryDict) -> list[Q]:
    found = [lists.picked(asked, "ord")]
    if since := asked.get("since"):
        days = SINCE.get(since)
        found.append(Q(placed_at__gte=clock.business_now() - timedelta(days=days)) if days else lists.NOTHING)
    if carrier := asked.get("carrier"):
        found.append(Q(overview.has_parcel(Q(carrier=carrier))))
    if country := asked.get("country"):
        found.append(Q(ship_country=country))
    if parcel := asked.get("parcel"):
        known = overview.PARCEL.get(parcel)
        found.append(Q(overview.has_parcel(known)) if known else lists.NOTHING)
    return found


def _views() -> list[tuple[str, str, int | None]]:
    return [
        ("", _("All"), None),
        ("attention", _("Needs you"), overview.orders_needing_eye().count()),
        ("open", _("Open"), Order.objects.filter(VIEWS["open"]).count()),
        ("late", _("Late"), Order.objects.filter(VIEWS["late"]).count()),
        ("delivered", _("Delivered"), None),
        ("cancelled", _("Cancelled"), None),
    ]


def _filters() -> list[lists.Filter]:
    since = clock.business_now() - RECENT
    placed = Order.objects.filter(placed_at__gte=since).exclude(ship_country="").order_by("ship_country")
    countries = placed.values_list("ship_country", flat=True).distinct()
    return [
        lists.Filter("since", _("Placed"), [("7d", _("last 7 days")), ("30d", _("last 30 days")), ("90d", _("last 90 days"))]),
        lists.Filter("parcel", _("Parcel"), [(key, str(word)) for key, word in PARCEL_WORDS.items()]),
        lists.Filter("carrier", _("Carrier"), [(code, directory.display(code)) for code in overview.carriers(since)]),
        lists.Filter("country", _("Ship to"), sorted(((code, words.country(code)) for code in countries), key=lambda pair: pair[1])),
    ]


def _row(request: HttpRequest, order: Order) -> dict[str, Any]:
    brand: Brand = request.brand  # type: ignore[attr-defined]
    parcels = standing.live(order.shipments.all())
    look = standing.of_order(order, parcels, brand)
    day, said = standing.arrives(order, parcels, brand)
    return {
        "id": to_public("ord", order.pk),
        "url": links.to(request, "order", order_id=order.pk),
        "number": order.number,
        "shopper": name_of(order),
        "badge": look.badge,
        "badge_word": look.word,
        "parcels": len(parcels),
        "arrives": day,
        "arrives_text": said,
        "carrier": standing.carriers_of(parcels),
        "country": order.ship_country,
        "total_minor": order.total,
        "currency": order.currency,
        "placed_at": order.placed_at,
        "test": order.test,
    }


def name_of(order: Order) -> str:
    """Who ordered; the address where nobody is named."""
    return (order.customer.name if order.customer else "") or order.ship_to_name or order.email or _("Nobody named")


def _empty(request: HttpRequest) -> dict[str, Any]:
    asked, everything = request.GET, {"url": links.to(request, "orders"), "label": _("Show all orders"), "icon": ""}
    if query := asked.get("q", "").strip():
        text = _("Nothing is called “%s” here. Order numbers, parcel numbers, names and email addresses are searched.") % query
        return {"icon": "search", "title": _("No order matches"), "text": text, "act": everything}
    if any(asked.get(name) for name in ("since", "parcel", "carrier", "country", "ids", "after")):
        text = _("No order passes all of these filters. Take one off, or start again.")
        return {"icon": "list-filter", "title": _("No order matches"), "text": text, "act": everything}
    if asked.get("view"):
        text = _("When an order belongs in this view, it appears here by itself.")
        return {"icon": "circle-check", "title": _("Nothing here"), "text": text, "act": everything}
    text = _("Orders appear here as your shop sends them. None has come in yet.")
    return {"icon": "inbox", "title": _("No orders yet"), "text": text, "act": None}
