"""One flow, drawn; what its open step says of a real order; a test to oneself."""

from typing import Any

from django.conf import settings
from django.contrib import messages as notes
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import drawn, links, steps
from dashboard import flow_previews as previews
from dashboard.flows import LATELY, next_text
from dashboard.forms.flow import PreviewForm, TestForm
from dashboard.orders import name_of
from dashboard.page import act, may, note, page, show
from notifications import trial
from notifications.cases import team
from notifications.definition import Definition, Send, Tell, loose, read
from notifications.editing import publish
from notifications.models import Channel, Flow
from notifications.questions import Tally, by_step, entered, ways
from orders import lookup
from orders.models import Order
from postpurchase.lib import clock, ids
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Brand, Role
from tracking import overview

RECENT = 8  # orders to choose from


@page(Role.VIEWER)
def flow(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The flow. `?step=` opens a step; `?order=` or `?number=` draws its message for another order."""
    row = get_object_or_404(Flow.objects.select_related("live"), key=key)
    return _flow_page(request, row, None)


@page(Role.VIEWER)
def preview(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A step's message for an order, as a document for a frame. `?draft=1`: as the draft has it."""
    row = get_object_or_404(Flow.objects.select_related("live"), key=key)
    plan = loose(publish.draft_of(row)) if request.GET.get("draft") else _plan(row)
    order = get_object_or_404(Order, pk=ids.from_public("ord", request.GET.get("order", "")))
    step, language = previews.says(plan, request.GET.get("step", "")), _language(request.GET.get("language", ""))
    if step is None:
        raise Http404
    if isinstance(step, Tell):
        return drawn.plain(previews.body_of(step, row, order))
    case = previews.case_of(step, plan, order, language)
    brand: Brand = request.brand  # type: ignore[attr-defined]
    return drawn.document(previews.phone(case, brand) if step.channel == Channel.SMS.value else drawn.now(case).html)


@act(Role.ADMIN)
def test(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Send the email of the open step, for the order shown, to somebody of the team."""
    row = _found(key)
    plan, form = _plan(row), TestForm(request.POST, team=team())
    if not form.is_valid():
        return _flow_page(request, row, form, status=422)
    order = get_object_or_404(Order, pk=ids.from_public("ord", form.cleaned_data["order"]))
    step, given = _email_of(plan, form.cleaned_data["step"]), form.cleaned_data
    sent = trial.send_test(step, plan, order, to=given["to"], once=given["once"], locale=given["language"])
    told = {"order": order.number, "to": audit.as_person(sent.to_address)}
    note(request, "flow.tested", subject=f"flow:{key}", words=row.name, changes=audit.changed({}, told))
    notes.success(request, _("The test goes out now, to %s. This is its page.") % sent.to_address)
    return redirect(links.to(request, "message", message_id=sent.pk))


def _found(key: str) -> Flow:
    return get_object_or_404(Flow.objects.select_related("live"), key=key, live__isnull=False)


def _plan(row: Flow) -> Definition:
    """What is live; of a flow that was never published, its draft."""
    return read(row.live.definition) if row.live else loose(publish.draft_of(row))


def _email_of(plan: Definition, step: str) -> Send:
    """The step of that id. Raises Http404 for one that sends no email: texts are tried out where their account is."""
    found = previews.says(plan, step)
    if not isinstance(found, Send) or found.channel != Channel.EMAIL.value:
        raise Http404
    return found


def _flow_page(request: HttpRequest, row: Flow, test_form: TestForm | None, status: int = 200) -> HttpResponse:
    plan, since = _plan(row), clock.business_now() - LATELY
    tallies, current = by_step(row.pk, since), _open_step(request, plan)
    inside = dict(publish.change(row, plan).at)
    sheet = steps.Sheet(plan, current, tallies, inside, entered=entered(row.pk, since), ways=ways(row.pk, steps.forks(plan), since))
    admin = may(request, Role.ADMIN)
    context = {
        "name": _(row.name),
        "purpose": _(row.purpose),
        "live": row.enabled,
        "version": row.live.number if row.live else 0,
        "flows_url": links.to(request, "flows"),
        "toggle_url": links.to(request, "flow-switch", key=row.key),
        "edit_url": links.to(request, "flow-edit", key=row.key) if admin else "",
        "versions_url": links.to(request, "flow-versions", key=row.key),
        "draft": row.draft is not None,
        "steps": steps.nodes(sheet),
        "step": steps.panel(sheet, next_text(tallies.get(current, Tally()))),
        **_trying(request, row, plan, current, test_form),
    }
    return show(request, "dashboard/flow.html", "flows", {"flow": context, "may_edit": admin}, status)


def _open_step(request: HttpRequest, plan: Definition) -> str:
    asked = request.GET.get("step", "") or request.POST.get("step", "")
    first = next((step.id for step in steps.sends(plan)), steps.START)
    return asked if asked in (steps.START, *(step.id for step in plan.steps)) else first


def _trying(request: HttpRequest, row: Flow, plan: Definition, current: str, test_form: TestForm | None) -> dict[str, Any]:
    """The preview with its two forms; nothing at all while there is no order to draw it for."""
    recent = _recent(plan)
    form = PreviewForm(_asked(request), choices=[(ids.to_public("ord", one.pk), f"{one.number}, {name_of(one)}") for one in recent])
    order = _chosen(form, recent)
    step = previews.says(plan, current)
    if order is None or step is None:
        return {"message": None, "preview_form": form, "test_form": None, "test_url": ""}
    public = ids.to_public("ord", order.pk)
    user: Any = request.user
    language = _language(form.data.get("language", "")) if form.is_bound else ""
    shown = {"order": public, "step": step.id, "language": language}
    fresh = TestForm(initial={"to": user.email, "once": ids.random_token(), **shown}, team=frozenset())
    return {
        "message": previews.shown(request, row, plan, step, order, language),
        "preview_form": form,
        "test_form": (test_form or fresh) if isinstance(step, Send) and step.channel == Channel.EMAIL.value else None,
        "test_url": links.to(request, "flow-test", key=row.key),
    }


def _asked(request: HttpRequest) -> dict[str, str] | None:
    given = {name: request.GET.get(name, "") or request.POST.get(name, "") for name in ("order", "number", "language")}
    return given if any(given.values()) else None


def _recent(plan: Definition) -> list[Order]:
    """The newest orders that the flow could be about; any, where there is none yet."""
    orders = Order.objects.filter(cancelled_at=None, erased_at=None).select_related("customer").newest_first()
    delivered = any(trigger.event == "order.delivered" for trigger in plan.triggers)
    fitting = Q(delivered_at__isnull=False) if delivered else Q(overview.has_parcel(Q())) if plan.key == "shipment" else Q()
    return list(orders.filter(fitting)[:RECENT]) or list(orders[:RECENT])


def _chosen(form: PreviewForm, recent: list[Order]) -> Order | None:
    if form.is_bound and (number := form.data.get("number", "").strip()):
        found: Order | None = lookup.search(number).select_related("customer").newest_first().first()
        if found is None:
            form.add_error("number", _("No order has this number. Shown is the newest one."))
        return found or next(iter(recent), None)
    wanted = ids.from_public("ord", form.data.get("order", "")) if form.is_bound else None
    known = next((one for one in recent if one.pk == wanted), None)
    if wanted and not known:
        known = Order.objects.filter(pk=wanted).select_related("customer").first()
    return known or next(iter(recent), None)


def _language(code: str) -> str:
    """One of the shoppers' languages, or '' for the order's own."""
    return code if code in dict(settings.LANGUAGES) else ""
