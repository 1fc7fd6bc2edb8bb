"""A flow simulated on one order: the next event at a press, on a virtual clock. All state is in the address, signed; nothing is written."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard import links, simulated
from dashboard.orders import name_of
from dashboard.page import page, show
from notifications.definition import BadFlow, Definition, loose
from notifications.editing.publish import draft_of, problems_of
from notifications.models import Flow
from notifications.replay.simulate import ACTS, Simulation, simulate, stops
from notifications.replay.usual import LIVES
from orders import lookup
from orders.models import Order
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Role

SALT, MOST_ACTS, RECENT = "simulate", 12, 8


class At(msgspec.Struct):
    """Where a simulation stands: the order ('' for a made-up one), which version, how what nobody knows yet is supposed to go (one of
    LIVES; '': as fits the flow), how many stops were shown, and what was put in.
    """

    order: str = ""
    which: str = "draft"
    how: str = ""
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
    found = Simulation() if faults else _lived(plan, row, order, at)
    at.how, times = found.how, stops(found)
    _press(at, request.GET.get("do", ""), times)
    if request.GET.get("do", "") in ACTS and not faults:
        found = _lived(plan, row, order, at)
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
        "told": simulated.told(found, times[min(at.shown, len(times)) - 1]) if at.shown and times else [],
        "kept_out": [] if at.shown < len(times) else simulated.kept_out(found, plan),
        "how": found.how if found.supposed else "",
        "lives": [(how, simulated.LIVES[how]) for how in LIVES],
        "put_in": [{"word": dict(_acts())[act], "at": when} for act, when in at.acts],
    }
    return show(request, "dashboard/simulate.html", "flows", {"flow": context})


def _lived(plan: Definition, row: Flow, order: Order | None, at: At) -> Simulation:
    return simulate(plan, row.pk, order, at.acts, at.begin or clock.business_now(), at.how)


def _at(request: HttpRequest, row: Flow) -> At:
    """Where it stands; from the start for a chosen order. Raises Http404 for a state that is not ours."""
    if "s" in request.GET:
        try:
            told = msgspec.convert(signing.loads(request.GET["s"], salt=f"{SALT}.{row.pk}"), At)
        except (signing.BadSignature, msgspec.ValidationError) as error:
            raise Http404 from error
        return told
    which = request.GET.get("which", "draft")
    how = request.GET.get("how", "")
    begin = clock.business_now().replace(microsecond=0)
    return At(_chosen(request), which if which == "live" and row.live else "draft", how if how in LIVES else "", 0, begin)


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
