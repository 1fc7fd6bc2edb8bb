"""One box for everything: public ids, order numbers, emails, parcel numbers, names. Exact hits first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard import customers, links
from dashboard.orders import name_of
from dashboard.page import page, show
from notifications.models import Message
from orders import lookup, people
from orders.models import Customer, Order
from postpurchase.lib import ids
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from postpurchase.ui.htmx import asked_for_part
from tracking import overview
from tracking.models import Leg, Shipment

SHOWN = 8  # of each kind
LEAST = 2  # letters of a name


@dataclass(frozen=True)
class Hit:
    """One thing that was found. `exact`: the text names it and hardly anything else."""

    kind: str
    icon: str
    title: str
    text: str
    url: str
    exact: bool = True


@page(Role.VIEWER)
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """What the text may mean. The dialog gets the list alone; who presses Enter on a single exact hit goes straight to it."""
    query = request.GET.get("q", "").strip()[:120]
    found = hits(request, query)
    if asked_for_part(request):
        return render(request, "dashboard/_found.html", {"hits": found, "query": query})
    exact = {hit.url for hit in found if hit.exact}
    if request.GET.get("go") and len(exact) == 1:
        return redirect(exact.pop())
    asked = {"q": query}
    more = [(_("In orders"), links.to(request, "orders", asked)), (_("In customers"), links.to(request, "customers", asked))]
    return show(request, "dashboard/search.html", "search", {"query": query, "hits": found, "more": more if query else []})


def hits(request: HttpRequest, query: str) -> list[Hit]:
    """The exact ones first. A fixed number of statements, each by an index."""
    if not query or "\0" in query:
        return []
    every = chain(_by_id(request, query), _orders(request, query), _parcels(request, query), _people(request, query))
    once: dict[tuple[str, str, str], Hit] = {}
    for hit in every:
        once.setdefault((hit.kind, hit.url, hit.title), hit)
    return sorted(once.values(), key=lambda hit: not hit.exact)


def _by_id(request: HttpRequest, query: str) -> Iterator[Hit]:
    prefix, text = query.partition("_")[0].lower(), query.lower()
    pk = ids.from_public(prefix, text)
    if pk is None:
        return
    if prefix == "ord":
        yield from (_order(request, one) for one in Order.objects.filter(pk=pk).select_related("customer"))
    elif prefix == "cus":
        yield from (_person(request, one) for one in Customer.objects.filter(pk=pk))
    elif prefix == "shp":
        yield from (_parcel(request, one) for one in Shipment.objects.filter(pk=pk).select_related("order"))
    elif prefix == "msg":
        yield from (_message(request, one) for one in Message.objects.filter(pk=pk).select_related("order"))


def _orders(request: HttpRequest, query: str) -> Iterator[Hit]:
    """By number, with or without '#', and by email."""
    if not any(char.isdigit() for char in query) and not query.startswith("#") and "@" not in query:
        return
    for one in lookup.search(query).newest_first().select_related("customer")[:SHOWN]:
        yield _order(request, one)


def _parcels(request: HttpRequest, query: str) -> Iterator[Hit]:
    """By the carrier's number, however it is spaced."""
    numbers = overview.numbers_of(query)
    if numbers:
        of_leg = Leg.objects.filter(number__in=numbers).values("shipment")
        for one in Shipment.objects.filter(pk__in=of_leg).select_related("order").order_by("-created_at", "-id")[:SHOWN]:
            yield _parcel(request, one)


def _people(request: HttpRequest, query: str) -> Iterator[Hit]:
    """By email, and by the beginning of any word of the name."""
    if "@" not in query and (len(query) < LEAST or any(char.isdigit() for char in query)):
        return
    plain = query.casefold()
    for one in people.found(query)[:SHOWN]:
        yield _person(request, one, exact=plain in (one.email, one.name.casefold()))


def _order(request: HttpRequest, one: Order) -> Hit:
    text = f"{name_of(one)} · {words.short_day(words.localised(one.placed_at).date())}"
    return Hit("order", "package", one.number, text, links.to(request, "order", order_id=one.pk))


def _parcel(request: HttpRequest, one: Shipment) -> Hit:
    text = f"{one.carrier_name} · {one.order.number}" if one.order else one.carrier_name
    url = (
        links.to(request, "order", order_id=one.order_id)
        if one.order_id
        else links.to(request, "shipments", {"ids": ids.to_public("shp", one.pk)})
    )
    return Hit("parcel", "truck", one.number, text, url)


def _person(request: HttpRequest, one: Customer, *, exact: bool = True) -> Hit:
    name = customers.name_of(one)
    return Hit("person", "user", name, one.email if one.email != name else "", links.to(request, "customer", customer_id=one.pk), exact)


def _message(request: HttpRequest, one: Message) -> Hit:
    return Hit("message", "mail", one.subject or one.template, one.to_address, links.to(request, "message", message_id=one.pk))
