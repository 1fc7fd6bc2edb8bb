"""One parcel that needs somebody: what is wrong, what one can do about it, what was done."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard import case_words as said
from dashboard import drawn, links, standing, wording
from dashboard.case_letter import letter, mailto
from dashboard.forms.work import AskForm, AssignForm, DoneForm, Once, SnoozeForm, TellForm
from dashboard.orders import name_of
from dashboard.page import may, page, show
from dashboard.requests import row_of
from dashboard.work import people, tomorrow
from desk import answers
from desk.evidence.seal import public_key
from desk.models import Case, State
from desk.review import MISSING, REQUEST
from notifications.cases import load
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand, Role
from postpurchase.ui import words
from tracking import overview
from tracking.models import Scan, Wish

MOST = 50  # steps shown
BADGES = {State.SNOOZED: "message.held", State.DONE: "job.done", State.OVER: "job.done"}


@page(Role.VIEWER)
def case(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """The whole case. `?message=` chooses the message that is shown before it goes."""
    return shown(request, get_object_or_404(whole(), pk=case_id))


@page(Role.VIEWER)
def preview(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """The message as it would leave now, as a document for a frame."""
    found = get_object_or_404(whole(), pk=case_id)
    try:
        message = answers.draft(found, request.GET.get("message", ""))
    except IllegalMove as error:
        raise Http404(str(error)) from error
    return drawn.document(drawn.now(load([message])[0]).html)


def whole() -> Any:
    """Cases with what their page shows."""
    return Case.objects.select_related("shipment__order__customer", "assignee__user")


def shown(request: HttpRequest, found: Case, bound: dict[str, Once] | None = None, status: int = 200) -> HttpResponse:
    """The page; `bound` are forms that were refused, with what is wrong in them."""
    seen = overview.last_seen([found.shipment_id]).get(found.shipment_id)
    told = _tell(request, found)
    steps = list(found.steps.select_related("by").order_by("-at", "-pk")[:MOST])
    context = {
        **_head(request, found),
        "troubles": said.troubles(found),
        "requests": _requests(request, found),
        "facts": _facts(request, found, seen),
        "tell": told,
        "ask": _ask(request, found, seen),
        "forms": _forms(request, found, told, bound or {}) if may(request, Role.AGENT) else None,
        "history": said.history(steps),
        "evidence": _evidence(request, found) if may(request, Role.AGENT) else None,
    }
    return show(request, "dashboard/case.html", "work", {"case": context}, status)


def named(options: list[str]) -> list[tuple[str, str]]:
    """Templates with what they are called."""
    return [(name, wording.template(name)) for name in options]


def _head(request: HttpRequest, found: Case) -> dict[str, Any]:
    state = State(found.state)
    return {
        "number": found.shipment.number or _("no number"),
        "carrier": found.shipment.carrier_name,
        "badges": said.badges(found),
        "state": {"badge": BADGES[state], "word": state.label} if state in BADGES else None,
        "since": found.opened_at,
        "until": found.until,
        "work_url": links.to(request, "work"),
        "carrier_url": found.shipment.carrier_url,
    }


def _requests(request: HttpRequest, found: Case) -> dict[str, Any] | None:
    """What the shopper asks for and has no answer to, with a way back here; None where that is nothing."""
    if not {MISSING, REQUEST} & set(found.kinds):
        return None
    rows = Wish.objects.filter(order=found.shipment.order_id, state=Wish.State.ASKED).select_related("order").order_by("asked_at", "id")
    return {"rows": [row_of(request, row) for row in rows], "case": ids.to_public("cse", found.pk)}


def _facts(request: HttpRequest, found: Case, seen: Scan | None) -> dict[str, Any]:
    parcel, order = found.shipment, found.shipment.order
    brand: Brand = request.brand  # type: ignore[attr-defined]
    return {
        "order": {"number": order.number, "url": links.to(request, "order", order_id=order.pk)} if order else None,
        "shopper": name_of(order) if order else "",
        "email": order.email if order else "",
        "total_minor": order.total if order else None,
        "currency": order.currency if order else "",
        "due": found.day,
        "expected": standing.expected_on(parcel, order, brand),
        "status": parcel.status,
        "latest": seen and " · ".join(part for part in (seen.text or seen.code, seen.place) if part),
        "latest_at": seen and seen.occurred_at,
        "whose": str(found.assignee.user) if found.assignee else "",
    }


def _tell(request: HttpRequest, found: Case) -> dict[str, Any] | None:
    """The messages that fit, and the one that is shown; None where the shopper cannot be written to."""
    order, options = found.shipment.order, answers.options(found)
    if order is None or not order.email or order.cancelled_at or found.state == State.OVER:
        return None
    current = request.GET.get("message", "")
    current = current if current in options else options[0]
    query = {"message": current}
    return {
        "options": [
            {"label": wording.template(name), "url": f"?message={name}", "count": None, "current": name == current} for name in options
        ],
        "template": current,
        "to": order.email,
        "preview_url": links.to(request, "case-preview", query, case_id=found.pk),
    }


def _ask(request: HttpRequest, found: Case, seen: Scan | None) -> dict[str, str] | None:
    if not found.shipment.number or found.state == State.OVER:
        return None
    text = letter(found, seen, request.brand)  # type: ignore[attr-defined]
    return {"letter": text, "mailto": mailto(found, text)}


def _forms(request: HttpRequest, found: Case, tell: dict[str, Any] | None, bound: dict[str, Once]) -> dict[str, Any]:
    """name -> {form, url}. Each with a token of its own, so that each is done once."""
    made: dict[str, Once] = {
        "snooze": SnoozeForm(initial={"until": tomorrow().date()}),
        "assign": AssignForm(initial={"member": str(found.assignee_id or "")}, team=people()),
        "done": DoneForm(),
        "reopen": Once(),
    }
    if tell:
        made["tell"] = TellForm(initial={"template": tell["template"]}, options=named(answers.options(found)))
    if found.shipment.number:
        made["asked"] = AskForm()
    for form in made.values():
        form.initial["once"] = ids.random_token()
    every = made | bound
    return {name: {"form": form, "url": links.to(request, f"case-{name}", case_id=found.pk)} for name, form in every.items()} | {
        "closed": found.state in (State.DONE, State.OVER),
        "reopens": found.state in (State.DONE, State.SNOOZED) and bool(found.kinds),
    }


def _evidence(request: HttpRequest, found: Case) -> dict[str, str]:
    return {
        "url": links.to(request, "evidence", parcel_id=found.shipment_id),
        "verifier_url": links.to(request, "evidence-verifier"),
        "key": public_key(),
        "made_on": words.short_day(words.now().date()),
    }
