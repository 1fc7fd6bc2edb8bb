"""What the portal's views share: whose order a link opens, and an answer in the brand's look."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from orders.models import Order
from portal import own_host, pages, tongue
from portal.looks import look_of
from portal.sealed import seal
from postpurchase.lib import crypto
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Brand


def place_of(request: HttpRequest, token: str) -> tuple[UUID, UUID]:
    """(merchant id, order id) behind a tracking link. Raises Http404, also at another merchant's host."""
    order_id = crypto.from_link_token(token)
    found = gates.tracking_page(order_id) if order_id else None
    if order_id is None or found is None:
        raise Http404
    own_host.demand(request, found[0])
    return found[0], order_id


def brand_here() -> Brand:
    """The brand of the merchant in scope."""
    return Brand.objects.order_by("id")[0]


def order_here(order_id: UUID) -> Order:
    """An order of the merchant in scope that may still be shown. Raises Http404."""
    order = Order.objects.filter(pk=order_id).select_related("customer").first()
    if order is None or pages.expired(order):
        raise Http404
    return order


def page(request: HttpRequest, template: str, brand: Brand, status: int = 200, locale: str = "", **context: Any) -> HttpResponse:
    """A page in the brand's look, in the reader's language, else `locale` (the order's) or the brand's; kept by nobody."""
    with tongue.speaking(tongue.settled(request, locale, brand.locale), brand.time_zone):
        response = render(request, template, {"brand": look_of(brand), "tongues": tongue.choices(), **context}, status=status)
        return tongue.remember(request, seal(response, form=True))


def wait(request: HttpRequest, brand: Brand, seconds: int) -> HttpResponse:
    """Too many tries: come back in so many seconds."""
    response = page(request, "portal/wait.html", brand, 429, minutes=-(-seconds // 60))
    response.headers["Retry-After"] = str(seconds)
    return response


def masked(email: str) -> str:
    """Enough to know one's own address by: a••••@e••••.de."""
    name, _, host = email.partition("@")
    domain, dot, top = host.rpartition(".")
    return f"{name[:1]}••••@{domain[:1]}••••{dot}{top}" if name and host else ""
