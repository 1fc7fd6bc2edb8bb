"""The way of a new shop to its first tracked order: each step with its state. A real order, or whoever has had enough, ends it."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from brands import suggest
from brands.models import Reading
from dashboard import links, sample
from dashboard.page import act, may, note
from notifications.models import Message, State
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Brand, Merchant, Role
from tracking.models import Shipment

Step = dict[str, Any]


@act(Role.ADMIN)
def test_order(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an order with a parcel on its way, as a shop and a carrier would tell of them. Its mails go to whoever pressed."""
    order_id = sample.place(request.user, request.brand)  # type: ignore[arg-type,attr-defined]
    note(request, "order.sampled", subject=to_public("ord", order_id))
    notes.success(request, _("A test order is here, its parcel on the way. Its mails come to your own address."))
    return redirect(links.to(request, "order", order_id=order_id))


@act(Role.ADMIN)
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the list away, for the whole team."""
    Merchant.objects.filter(pk=request.member.merchant_id).update(first_steps_closed_at=clock.machine_now())  # type: ignore[attr-defined]
    return redirect(links.to(request, "home"))


def shown(request: HttpRequest) -> dict[str, Any] | None:
    """{steps, close_url}; None for a shop that has real orders, has done it all, or has put the list away."""
    if Order.objects.filter(test=False).exists():
        return None
    merchant = Merchant.objects.get(pk=request.member.merchant_id)  # type: ignore[attr-defined]
    steps = _steps(request, request.brand)  # type: ignore[attr-defined]
    if merchant.first_steps_closed_at or all(step["done"] for step in steps):
        return None
    return {"steps": steps, "close_url": links.to(request, "first-steps-close") if may(request, Role.ADMIN) else ""}


def _steps(request: HttpRequest, brand: Brand) -> list[Step]:
    return [
        _step(True, _("Open the shop"), _("You are here. Your messages and your tracking page are set up.")),
        _order_step(request, Shipment.objects.exists()),
        _look_step(request, brand),
        _settings_step(
            request,
            bool(brand.sender_email),
            _("Say who writes"),
            _("The address that your shoppers see, and can answer to."),
            "sender",
        ),
        _message_step(request, Message.objects.filter(test=True, state=State.SENT).exists()),
    ]


def _step(done: bool, title: str, text: str, *acts: dict[str, Any]) -> Step:
    return {"done": done, "title": title, "text": text, "acts": [] if done else list(acts)}


def _order_step(request: HttpRequest, done: bool) -> Step:
    text = _("Connect your shop by the API or its webhooks, or look at a made-up order first.")
    how = {"url": links.to(request, "connections"), "label": _("Connect your shop"), "post": False}
    test = {"url": links.to(request, "first-order"), "label": _("Make a test order"), "post": True}
    return _step(done, _("See the first order tracked"), text, *([test] if may(request, Role.ADMIN) else []), how)


def _settings_step(request: HttpRequest, done: bool, title: str, text: str, part: str) -> Step:
    if not may(request, Role.ADMIN):
        return _step(done, title, text)
    return _step(done, title, text, {"url": links.to(request, "settings") + f"#{part}", "label": _("Go to settings"), "post": False})


def _look_step(request: HttpRequest, brand: Brand) -> Step:
    found = suggest.newest()
    text = _("Logo and colour, for the tracking page and every message.")
    if found and found.state == Reading.FOUND:
        text = _("We have read your site. Look at what we found, and take it over with one click.")
    elif found and found.state == Reading.ASKED:
        text = _("We are reading your site, for logo and colour.")
    go = {"url": links.to(request, "brand"), "label": _("Go to the brand"), "post": False}
    return _step(_is_dressed(brand), _("Make it look like you"), text, *([go] if may(request, Role.ADMIN) else []))


def _message_step(request: HttpRequest, done: bool) -> Step:
    look = {"url": links.to(request, "flow", key="confirmation"), "label": _("Look at the confirmation"), "post": False}
    return _step(done, _("Read the first message"), _("The order confirmation, sent to your own address. A test order sends it too."), look)


def _is_dressed(brand: Brand) -> bool:
    return bool(brand.logo_url) or brand.accent != Brand._meta.get_field("accent").default
