"""Everybody who buys: by when they last did, or by when they became known; found by name or email."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, lists, wanting
from dashboard.page import page, show
from orders import people
from orders.models import Customer, Order
from orders.people import Bought
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from transfers.models import Subject

LAST, KNOWN = ("-placed_at", "-id"), ("-id",)
WIDE = 500  # people that a search sorts by their last order: of two letters' worth, the newest
Row = dict[str, Any]


@page(Role.VIEWER)
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """The list that the address describes."""
    asked, view = request.GET, request.GET.get("view", "")
    rows, pager = _known(request) if view == "known" else _by_last_order(request) if not view else ([], _nothing())
    context = {
        **lists.views(asked, [("", _("Last order first"), None), ("known", _("Newest first"), None)], view),
        "query": asked.get("q", "").strip(),
        "rows": rows,
        "pager": pager,
        "empty": _empty(request),
        **wanting.context(request, Subject.CUSTOMERS),
    }
    return show(request, "dashboard/customers.html", "customers", {"customers": context})


def wanted(asked: QueryDict) -> QuerySet[Customer]:
    """The customers that an address asks for, for a file: in the order in which they became known, without those who were erased."""
    if asked.get("view", "") not in ("", "known"):
        return Customer.objects.none()
    query = asked.get("q", "").strip()
    rows = Customer.objects.filter(lists.picked(asked, "cus"), erased_at=None)
    return rows.filter(pk__in=people.found(query).values("pk")) if query else rows


def _by_last_order(request: HttpRequest) -> tuple[list[Row], Row]:
    """Who has bought, the latest first; where one searches, those who have not come last."""
    query = request.GET.get("q", "").strip()
    rows = people.newest_orders().select_related("customer")
    theirs = rows.filter(customer__in=people.found(query).order_by("-id").values("pk")[:WIDE]) if query else rows
    found = lists.one_page(request, theirs, LAST)
    buyers = [order.customer for order in found.items if order.customer]
    extra: list[Customer] = []
    if query and not found.next_cursor:
        bought = Exists(Order.objects.filter(customer=OuterRef("pk")))
        extra = list(people.found(query).filter(~bought).order_by("-id")[: lists.SIZE])
    last = {order.customer_id: order for order in found.items}
    pager = lists.pager(request, found, "placed_at") if found.items else _nothing()
    return _rows(request, [*buyers, *extra], last), pager


def _known(request: HttpRequest) -> tuple[list[Row], Row]:
    query = request.GET.get("q", "").strip()
    found = lists.one_page(request, people.found(query) if query else Customer.objects.all(), KNOWN)
    ids = [one.pk for one in found.items]
    newest = Order.objects.filter(customer__in=ids).order_by("customer", "-placed_at", "-id").distinct("customer")
    return _rows(request, found.items, {order.customer_id: order for order in newest}), lists.pager(request, found, "created_at")


def _nothing() -> Row:
    return {"said": "", "next_url": "", "more": ""}


def _rows(request: HttpRequest, found: Iterable[Customer], last: dict[UUID | None, Order]) -> list[Row]:
    every = list(found)
    bought = people.bought(one.pk for one in every)
    return [_row(request, one, bought.get(one.pk, Bought()), last.get(one.pk)) for one in every]


def _row(request: HttpRequest, one: Customer, bought: Bought, last: Order | None) -> Row:
    return {
        "id": to_public("cus", one.pk),
        "url": links.to(request, "customer", customer_id=one.pk),
        "name": name_of(one),
        "email": one.email if one.name != one.email else "",
        "orders": bought.orders,
        "spent": spent(bought),
        "last": last.placed_at if last else None,
        "last_number": last.number if last else "",
    }


def name_of(one: Customer) -> str:
    """What a person is called; that they were erased where nothing is left."""
    return one.name or (_("Erased") if one.erased_at else _("Nobody named"))


def spent(bought: Bought) -> str:
    """What somebody paid in each currency, nothing converted."""
    return " + ".join(words.money(minor, currency) for currency, minor in bought.spent.items())


def orders_text(count: int) -> str:
    """How many orders, in words."""
    return ngettext("%(n)s order", "%(n)s orders", count) % {"n": words.number(count)}


def _empty(request: HttpRequest) -> Row:
    everybody = {"url": links.to(request, "customers"), "label": _("Show everybody"), "icon": ""}
    if query := request.GET.get("q", "").strip():
        text = _("Nobody is called “%s” here. Any part of a name can begin the search; an email address is searched whole.") % query
        return {"icon": "search", "title": _("Nobody matches"), "text": text, "act": everybody}
    if request.GET.get("view") or request.GET.get("after"):
        return {"icon": "circle-check", "title": _("Nothing here"), "text": _("There is nobody in this view."), "act": everybody}
    text = _("People appear here with their first order, and stay with their whole history.")
    return {"icon": "users", "title": _("No customers yet"), "text": text, "act": None}
