"""One person with their whole history in one line of time, and their rights: to see what we hold, and to have it erased."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard import customers, facts, links, standing, story, tales, wording
from dashboard.page import act, may, note, page, show
from desk import privacy as of_desk
from notifications import consent, privacy
from notifications.models import Consent, Decision, Message, Suppression
from orders import people
from orders.models import Customer, Order
from orders.people import Bought
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import words
from tracking.models import Shipment

MOST = 50  # orders that are told, the newest
KINDS = ("", "order", "parcels", "messages", "privacy")


@page(Role.VIEWER)
def customer(request: HttpRequest, slug: str, customer_id: UUID) -> HttpResponse:
    """Everything of one person. `?show=order`, `parcels`, `messages` or `privacy` narrows the story."""
    person = get_object_or_404(Customer, pk=customer_id)
    orders = list(Order.objects.filter(customer=person).newest_first()[:MOST])
    parcels = list(Shipment.objects.filter(order__in=orders).order_by("created_at", "pk"))
    items = list(chain.from_iterable(_told(request, person, orders, parcels)))
    bought, kind = people.bought([person.pk]).get(person.pk, Bought()), request.GET.get("show", "")
    newest = {"said": _("The newest %s facts are shown.") % story.MOST, "next_url": "", "more": ""}
    context = {
        "name": customers.name_of(person),
        "email": person.email,
        "phone": person.phone,
        "language": facts.language(person.locale),
        "consent": facts.may_write(person.email) if person.email else [],
        "erased_at": person.erased_at,
        "known_since": person.created_at,
        "orders_text": customers.orders_text(bought.orders),
        "spent": customers.spent(bought),
        "orders": [_order(request, order, parcels) for order in orders],
        "more": max(0, bought.orders - len(orders)),
        "all_url": links.to(request, "orders", {"q": person.email}) if person.email else "",
        "kinds": _kinds(kind),
        "days": story.days(items, kind),
        "pager": newest if len(items) > story.MOST else None,
        "customers_url": links.to(request, "customers"),
        "data_url": links.to(request, "customer-data", customer_id=person.pk) if may(request, Role.ADMIN) and person.email else "",
        "erase_url": links.to(request, "customer-erase", customer_id=person.pk) if may(request, Role.ADMIN) and person.email else "",
    }
    return show(request, "dashboard/customer.html", "customers", {"customer": context})


@page(Role.ADMIN)
def data(request: HttpRequest, slug: str, customer_id: UUID) -> HttpResponse:
    """All that we hold about the person, as a file that other programs can read."""
    person = _with_email_or_404(customer_id)
    note(request, "customer.downloaded", subject=to_public("cus", person.pk))
    body = json.dumps(privacy.export(person.email), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    name = f'attachment; filename="{to_public("cus", person.pk)}.json"'
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": name, "Cache-Control": "private, no-store"})


@page(Role.ADMIN)
def erase(request: HttpRequest, slug: str, customer_id: UUID) -> HttpResponse:
    """Ask before a person is erased."""
    return _ask(request, _with_email_or_404(customer_id))


@act(Role.ADMIN)
def erased(request: HttpRequest, slug: str, customer_id: UUID) -> HttpResponse:
    """Erase them. There is no way back, so the email address must be typed."""
    person = get_object_or_404(Customer.objects.select_for_update(), pk=customer_id)
    if not person.email:
        raise IllegalMove(_("Nothing of this person is left to erase."))
    if request.POST.get("email", "").strip().lower() != person.email:
        return _ask(request, person, _("This is not their address. Type %s to erase them.") % person.email)
    of_desk.forget(privacy.erase(person.email).orders)
    note(request, "customer.erased", subject=to_public("cus", person.pk))
    notes.success(request, _("Erased. Amounts, items and dates stay; the person is gone from them."))
    return redirect(links.to(request, "customer", customer_id=customer_id))


def _ask(request: HttpRequest, person: Customer, error: str = "") -> HttpResponse:
    back = links.to(request, "customer", customer_id=person.pk)
    context = {
        "name": customers.name_of(person),
        "email": person.email,
        "error": error,
        "erase_url": links.to(request, "customer-erased", customer_id=person.pk),
        "data_url": links.to(request, "customer-data", customer_id=person.pk),
        "back_url": back,
        "customers_url": links.to(request, "customers"),
    }
    return show(request, "dashboard/customer_erase.html", "customers", {"erasing": context}, 422 if error else 200)


def _with_email_or_404(customer_id: UUID) -> Customer:
    row: Customer = get_object_or_404(Customer.objects.exclude(email=""), pk=customer_id)
    return row


def _told(request: HttpRequest, person: Customer, orders: list[Order], parcels: list[Shipment]) -> Iterator[Iterator[story.Item]]:
    """Every fact, by who made it."""
    numbers = {order.pk: order.number for order in orders}
    of_parcel = {parcel.pk: _("Parcel of %s") % numbers[parcel.order_id] for parcel in parcels if parcel.order_id}

    def about(pk: UUID) -> str:
        return of_parcel.get(pk, _("A parcel"))

    yield chain.from_iterable(_of_order(request, order) for order in Order.objects.filter(pk__in=numbers).prefetch_related("refunds"))
    yield tales.of_parcels(parcels, about)
    yield tales.of_arrivals(parcels, about)
    written = list(Message.objects.filter(customer=person).defer("context").order_by("-id")[: story.MOST])
    decisions = {row.message_id: row for row in Decision.objects.filter(message__in=written) if row.message_id}
    yield tales.of_messages(written, decisions, about, lambda one: links.to(request, "message", message_id=one.pk))
    yield _privacy(person)


def _of_order(request: HttpRequest, order: Order) -> Iterator[story.Item]:
    link = {"url": links.to(request, "order", order_id=order.pk), "label": pgettext("a link", "Open")}
    for item in tales.of_order(order, [], order.refunds.all()):
        yield replace(item, title=f"{order.number}: {words.inside(item.title)}", link=link)


def _privacy(person: Customer) -> Iterator[story.Item]:
    """What they agreed to or withdrew, where we may not write, and that they were erased."""
    for row in Consent.objects.filter(address=person.email).order_by("-at", "-id")[:MOST] if person.email else ():
        title = _("Agreed to news") if row.given else _("Wants no news")
        tone, icon = ("ok", "check") if row.given else ("warn", "ban")
        yield story.Item(at=row.at, kind="privacy", icon=icon, tone=tone, title=title, text=row.source)
    for one in Suppression.objects.filter(address_hash=consent.address_hash(person.email), channel="email") if person.email else ():
        title = _("No messages at all any more") if one.scope == Suppression.ALL else _("No news any more")
        yield story.Item(
            at=one.at, kind="privacy", icon="mail-x", tone="warn", title=title, text=wording.plain(wording.SUPPRESSED, one.reason)
        )
    if person.erased_at:
        text = _("Name, addresses and messages are gone; amounts and dates stay.")
        yield story.Item(at=person.erased_at, kind="privacy", icon="shield-check", title=_("The person was erased"), text=text, rank=9)


def _order(request: HttpRequest, order: Order, parcels: list[Shipment]) -> dict[str, Any]:
    brand: Brand = request.brand  # type: ignore[attr-defined]
    theirs = standing.live(parcel for parcel in parcels if parcel.order_id == order.pk)
    look = standing.of_order(order, theirs, brand)
    return {
        "number": order.number,
        "url": links.to(request, "order", order_id=order.pk),
        "badge": look.badge,
        "badge_word": look.word,
        "carrier": standing.carriers_of(theirs),
        "total_minor": order.total,
        "currency": order.currency,
        "placed_at": order.placed_at,
        "test": order.test,
    }


def _kinds(current: str) -> list[dict[str, Any]]:
    labels = (_("All"), _("Orders"), _("Parcels"), _("Messages"), _("Privacy"))
    return [
        {"label": label, "url": f"?show={kind}" if kind else "?", "current": kind == current}
        for kind, label in zip(KINDS, labels, strict=True)
    ]
