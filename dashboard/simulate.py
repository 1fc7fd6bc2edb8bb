"""A flow simulated on one order: the next event at a press, on a virtual clock. All state is in the address, signed; nothing is written."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard import links, verdicts, wording
from dashboard.orders import name_of
from dashboard.page import page, show
from notifications.definition import BadFlow, Definition, loose
from notifications.editing.publish import draft_of, problems_of
from notifications.models import Flow
from notifications.replay.life import Moment
from notifications.replay.simulate import ACTS, Simulation, simulate, stops
from orders import lookup
from orders.models import Order
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Role
from postpurchase.ui import words

SALT, MOST_ACTS, RECENT = "simulate", 12, 8


class At(msgspec.Struct):
    """Where a simulation stands: the order ('' for a made-up one), which version, how many stops were shown, and what was put in."""

    order: str = ""
    which: str = "draft"
    shown: int = 0
    begin: datetime | None = None
    acts: list[tuple[str, datetime]] = []


@page(Role.VIEWER)
def simulation(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`?s=` says where it stands, `?do=` what is pressed: advance, back, all, or one of the acts to put in."""
    row = get_object_or_404(Flow.objects.select_related("live"), key=key)
    at = _at(request, row)
    plan = _plan(row, at)
    faults = problems_of(plan) if at.which == "draft" else []
    order = _order(at)
    found = Simulation() if faults else simulate(plan, row.pk, order, at.acts, at.begin or clock.business_now())
    times = stops(found)
    _press(at, request.GET.get("do", ""), times)
    if request.GET.get("do", "") in ACTS and not faults:
        found = simulate(plan, row.pk, order, at.acts, at.begin or clock.business_now())
        times = stops(found)
        at.shown = sum(one <= at.acts[-1][1] for one in times) if at.acts else at.shown
    context = {
        "name": _(row.name),
        "url": links.to(request, "flow", key=key),
        "backtests_url": links.to(request, "backtests", key=key),
        "which": at.which,
        "has_both": row.draft is not None and row.live is not None,
        "order_name": f"{order.number}, {name_of(order)}" if order else _("A made-up order"),
        "orders": [("", _("A made-up order")), *_recent()],
        "order": at.order,
        "faults": [{"step": one.step, "text": one.text} for one in faults],
        "state": _signed(at, row),
        "clock": times[at.shown - 1] if 0 < at.shown <= len(times) else at.begin,
        "started": bool(at.shown),
        "more": at.shown < len(times),
        "acts": _acts(),
        "told": [_told(one, found) for one in found.moments if at.shown and one.at <= times[min(at.shown, len(times)) - 1]],
        "put_in": [{"word": dict(_acts())[act], "at": when} for act, when in at.acts],
    }
    return show(request, "dashboard/simulate.html", "flows", {"flow": context})


def _at(request: HttpRequest, row: Flow) -> At:
    """Where it stands; from the start for a chosen order. Raises Http404 for a state that is not ours."""
    if "s" in request.GET:
        try:
            told = msgspec.convert(signing.loads(request.GET["s"], salt=f"{SALT}.{row.pk}"), At)
        except (signing.BadSignature, msgspec.ValidationError) as error:
            raise Http404 from error
        return told
    which = request.GET.get("which", "draft")
    return At(_chosen(request), which if which == "live" and row.live else "draft", 0, clock.business_now().replace(microsecond=0))


def _chosen(request: HttpRequest) -> str:
    if number := request.GET.get("number", "").strip():
        found = lookup.search(number).newest_first().first()
        if found is None:
            raise Http404(_("No order has this number."))
        return ids.to_public("ord", found.pk)
    given = request.GET.get("order", "")
    return given if ids.from_public("ord", given) else ""


def _signed(at: At, row: Flow) -> str:
    return signing.dumps(msgspec.to_builtins(at), salt=f"{SALT}.{row.pk}", compress=True)


def _plan(row: Flow, at: At) -> Definition:
    """Raises Http404 for a flow that has neither a draft nor a version."""
    raw = row.live.definition if at.which == "live" and row.live else draft_of(row)
    try:
        return loose(raw)
    except BadFlow as error:
        raise Http404 from error


def _order(at: At) -> Order | None:
    if not at.order:
        return None
    wanted: UUID | None = ids.from_public("ord", at.order)
    return get_object_or_404(Order.objects.select_related("customer"), pk=wanted)


def _press(at: At, do: str, times: list[datetime]) -> None:
    if do == "advance":
        at.shown = min(at.shown + 1, len(times))
    elif do == "all":
        at.shown = len(times)
    elif do == "back":
        at.shown, at.acts = 0, []
    elif do in ACTS and len(at.acts) < MOST_ACTS:
        last = times[min(at.shown, len(times)) - 1] if at.shown and times else at.begin or clock.business_now()
        when = max([last, *(one for _act, one in at.acts)]) + timedelta(minutes=1)
        at.acts = [*at.acts, (do, when)]


def _acts() -> list[tuple[str, str]]:
    return [
        ("shipped", _("A parcel leaves")), ("out", _("Out for delivery")), ("late", _("It is late")), ("delivered", _("Delivered now")),
        ("refunded", _("Refunded")), ("cancelled", _("Cancelled")),
    ]  # fmt: skip


def _recent() -> list[tuple[str, str]]:
    orders = Order.objects.filter(erased_at=None).select_related("customer").newest_first()[:RECENT]
    return [(ids.to_public("ord", one.pk), f"{one.number}, {name_of(one)}") for one in orders]


def _told(one: Moment, found: Simulation) -> dict[str, Any]:
    """A moment for ui/_trace.html, with the message where one goes out."""
    key = (one.life.subject, one.node)
    drawn = found.drawn.get(key) if one.kind == "decided" and one.verdict == "send" else None
    title, tone, icon = _words(one)
    text = drawn.preheader if drawn else found.failed.get(key, "") if one.verdict == "send" else ""
    return {
        "title": title, "tone": tone, "icon": icon, "text": text, "at": one.at, "step": one.node,
        "subject": drawn.subject if drawn else "", "body": drawn.text if drawn else "",
    }  # fmt: skip


def _words(one: Moment) -> tuple[str, str, str]:
    until = words.moment(words.localised(one.due), words.now()) if one.due else ""
    if one.kind == "entered":
        return _("Enters the flow: %s") % words.inside(wording.plain(wording.EVENTS, one.reason)), "accent", "play"
    if one.kind == "planned" and one.letter:
        name = wording.template(one.letter.template)
        return _("“%(name)s” is planned for %(when)s") % {"name": name, "when": until}, "accent", "clock"
    if one.kind == "rests":
        return (
            (_("Waits until %s, or until something happens") % until if until else _("Waits for something to happen")),
            "warn",
            "hourglass",
        )
    if one.kind == "left":
        return _("Leaves the flow: %s") % wording.reason(one.reason), "warn", "ban"
    if one.kind == "over":
        return _("The flow is over"), "neutral", "circle"
    return verdicts.said(one.verdict, one.reason), verdicts.tone(one.verdict), verdicts.icon(one.verdict)
