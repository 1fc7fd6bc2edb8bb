"""GET /t/<token> for a buyer who has entered the code, and for what QuickPage passes on."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from notifications import placeholders
from orders.models import Line, Order
from portal import door, drawing, pages, reading, step_up, tongue, visits
from portal.quick import answer, keep
from portal.sealed import seal
from portal.shown import Amount, Details
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui.tongue import of_shopper


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The page with name, address and prices for the browser that holds the step-up cookie; without it the anonymous one."""
    merchant_id, order_id = door.place_of(request, token)
    body = _whole(request, merchant_id, order_id, token) if step_up.unlocked(request, order_id) else None
    if body is not None:
        visits.note(request, (merchant_id, order_id))
        return tongue.remember(request, seal(HttpResponse(body)))
    with in_merchant(merchant_id):
        facts = reading.read(order_id)
    if facts is None:
        raise Http404
    page = keep("", 0.0, drawing.anonymous(facts, token, of_shopper(request)))
    if page.status == 200:
        visits.note(request, (merchant_id, order_id))
    return tongue.remember(request, answer(request, page))


def _whole(request: HttpRequest, merchant_id: UUID, order_id: UUID, token: str) -> bytes | None:
    """The page for its buyer; None once the link has expired."""
    with in_merchant(merchant_id):
        facts, order = reading.read(order_id), door.order_here(order_id)
        lines = list(Line.objects.filter(order=order, removed_at=None).order_by("position"))
    if facts is None or pages.expired(facts.order):
        return None
    with tongue.speaking(tongue.settled(request, facts.order.locale, facts.brand.locale), facts.brand.time_zone):
        return drawing.whole(facts, token, details_of(order, lines))


def details_of(order: Order, lines: list[Line]) -> Details:
    """What only the buyer may see, in the active language."""
    said = placeholders.OrderWords(order, lines)
    return Details(
        name=order.ship_to_name,
        address_lines=[line for line in said.address_lines if line != order.ship_to_name],
        email=door.masked(order.email),
        lines=[_amount(line) for line in said.lines],
        totals=[Amount(one["label"], one["value"]) for one in said.totals],
        total_text=said.total_text if lines or order.total else "",
    )


def _amount(line: dict[str, Any]) -> Amount:
    return Amount(line["title"], line["total_text"], f"{line['quantity']} ×")
