"""One endpoint: how it fares, what it was told, its secret, and what can be done about it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, lists, wording
from dashboard.forms.webhook import EndpointForm, ReplayForm
from dashboard.page import act, may, page, show
from integrations.models import EndpointState, Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import endpoints, outbox, questions
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role

KEYS = ("-created_at", "-id")
VIEWS: dict[str, tuple[str, ...]] = {
    "": tuple(Outbound.values),
    "delivered": (Outbound.DONE,),
    "failed": (Outbound.FAILED,),
    "waiting": (Outbound.DUE, Outbound.CLAIMED),
    "kept": (Outbound.HELD,),
}


@page(Role.VIEWER)
def webhook(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """The endpoint with its log. `?view=` narrows it to one result."""
    return one_page(request, found(endpoint_id))


@page(Role.ADMIN)
def edit(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """The form, filled."""
    row = found(endpoint_id)
    form = EndpointForm(initial={"url": row.url, "label": row.label, "events": row.kinds}, fresh=False, events=choices())
    return _edit_page(request, row, form)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """Another address, name or choice of events."""
    row, form = found(endpoint_id), EndpointForm(request.POST, fresh=False, events=choices())
    if form.is_valid():
        given, before = form.cleaned_data, endpoints.told(row)
        try:
            endpoints.change(row, url=given["url"], kinds=given["events"], label=given["label"])
        except endpoints.Unfit as unfit:
            form.add_error(unfit.field, str(unfit))
        else:
            _log(request, "changed", row, audit.changed(before, endpoints.told(row)))
            notes.success(request, _("Changed. It holds from the next event on."))
            return _back(request, row)
    return _edit_page(request, row, form, status=422)


@act(Role.ADMIN)
def switch(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """On (on=1) or off."""
    row = found(endpoint_id)
    before = row.state
    endpoints.switch(row, on=request.POST.get("on") == "1")
    _log(request, "switched", row, audit.changed({"state": before}, {"state": row.state}))
    on = _("It is on. What was kept meanwhile is sent when you replay it.")
    notes.success(request, on if row.state == EndpointState.ON else _("It is off. What it would be told is kept for 30 days."))
    return _back(request, row)


@act(Role.ADMIN)
def secret(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown now and not again. `of` names the one that the page was drawn with: pressing twice makes one."""
    row = found(endpoint_id)
    if request.POST.get("of") != row.secret_made_at.isoformat():
        raise IllegalMove(_("The secret was changed after this page was drawn."))
    fresh = endpoints.rotate(row, at_once=request.POST.get("end") == "now")
    _log(request, "secret_made", row, {"old_one_holds_until": (None, row.old_secret_until)})
    return one_page(request, row, secret=fresh)


@act(Role.ADMIN)
def old_secret(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """End the old secret before its day is over."""
    row = found(endpoint_id)
    row.end_old_secret()
    _log(request, "old_secret_ended", row)
    notes.success(request, _("The old secret has ended. Calls carry the new one’s signature alone."))
    return _back(request, row)


@act(Role.ADMIN)
def test(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """Send a test event, and go to its page."""
    row = found(endpoint_id)
    sent = outbox.try_out(row)
    _log(request, "tested", row)
    notes.success(request, _("The test event goes out now. Load this page again to see what came of it."))
    return redirect(links.to(request, "webhook-delivery", delivery_id=sent.pk))


@act(Role.ADMIN)
def replay(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """Send a range of time again."""
    row, form = found(endpoint_id), ReplayForm(request.POST)
    if not form.is_valid():
        return one_page(request, row, replay_form=form, status=422)
    given = form.cleaned_data
    count = outbox.replay(row, given["since"], given["until"], what=given["what"])
    asked = {"since": given["since"], "until": given["until"], "what": given["what"], "deliveries": count}
    _log(request, "replayed", row, audit.changed({}, asked))
    said = ngettext("%(n)s delivery is on its way again.", "%(n)s deliveries are on their way again.", count) % {"n": count}
    notes.success(request, said if count else _("Nothing in this time is to be sent again."))
    return _back(request, row)


@page(Role.ADMIN)
def remove(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """Ask before removing it."""
    row = found(endpoint_id)
    waiting = WebhookDelivery.objects.filter(endpoint=row, state__in=(Outbound.DUE, Outbound.CLAIMED)).count()
    context = _base(request, row) | {"waiting": waiting, "delete_url": links.to(request, "webhook-delete", endpoint_id=row.pk)}
    return show(request, "dashboard/webhook_remove.html", "webhooks", {"webhook": context})


@act(Role.ADMIN)
def delete(request: HttpRequest, slug: str, endpoint_id: UUID) -> HttpResponse:
    """Remove it."""
    row = found(endpoint_id)
    endpoints.remove(row)
    _log(request, "removed", row)
    notes.success(request, _("“%s” is removed.") % row)
    return redirect(links.to(request, "webhooks"))


def _log(request: HttpRequest, what: str, row: WebhookEndpoint, changes: audit.Changes | None = None) -> None:
    endpoints.log(audit.caller(request), what, row, changes)


def choices() -> list[tuple[str, Any]]:
    """The events that can be chosen, in people's words and in the machine's."""
    said = '<span>{} <span class="quiet mono">{}</span></span>'
    return [(kind, format_html(said, wording.hook_event(kind), kind)) for kind in endpoints.PUBLIC]


def found(endpoint_id: UUID) -> WebhookEndpoint:
    """The endpoint. Raises Http404, also for a removed one."""
    return get_object_or_404(endpoints.kept(), pk=endpoint_id)


def _back(request: HttpRequest, row: WebhookEndpoint) -> HttpResponse:
    return redirect(links.to(request, "webhook", endpoint_id=row.pk))


def one_page(
    request: HttpRequest, row: WebhookEndpoint, *, secret: str = "", replay_form: ReplayForm | None = None, status: int = 200
) -> HttpResponse:
    """The endpoint's page; with a `secret` it is shown, and nobody keeps the page."""
    editable, on = may(request, Role.ADMIN), row.state == EndpointState.ON
    view = request.GET.get("view", "")
    rows = WebhookDelivery.objects.filter(endpoint=row, state__in=VIEWS.get(view, ())).defer("body")
    log = lists.one_page(request, rows, KEYS)
    context = _base(request, row) | {
        "badge": f"hook.{questions.health(row)}",
        "test": not row.live,
        "on": on,
        "secret": secret,
        "stopped": _stopped(row),
        "failing_since": row.failing_since if on else None,
        "facts": _facts(row),
        "acts": _acts(request, row) if editable else None,
        "old_secret_until": row.old_secret_until if row.has_old_secret else None,
        "secret_of": row.secret_made_at.isoformat(),
        "replay_form": (replay_form or _replay_form(row)) if editable and on else None,
        "tabs": lists.tabs(request.GET, [(name, word, None) for name, word in _views()], view),
        "rows": [_row(request, one) for one in log.items],
        "pager": lists.pager(request, log, "created_at"),
    }
    response = show(request, "dashboard/webhook.html", "webhooks", {"webhook": context}, status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


def _base(request: HttpRequest, row: WebhookEndpoint) -> dict[str, Any]:
    return {
        "name": str(row),
        "address": row.url,
        "webhooks_url": links.to(request, "webhooks"),
        "here_url": links.to(request, "webhook", endpoint_id=row.pk),
    }


def _edit_page(request: HttpRequest, row: WebhookEndpoint, form: EndpointForm, status: int = 200) -> HttpResponse:
    urls = {
        "act_url": links.to(request, "webhook-change", endpoint_id=row.pk),
        "back_url": links.to(request, "webhook", endpoint_id=row.pk),
    }
    return show(request, "dashboard/webhook_edit.html", "webhooks", {"webhook": _base(request, row) | urls | {"form": form}}, status)


def _acts(request: HttpRequest, row: WebhookEndpoint) -> dict[str, str]:
    """Where the forms of the page lead."""
    names = ("edit", "switch", "secret", "old-secret", "test", "replay", "remove")
    return {name.replace("-", "_"): links.to(request, f"webhook-{name}", endpoint_id=row.pk) for name in names}


def _stopped(row: WebhookEndpoint) -> str:
    if row.state != EndpointState.STOPPED:
        return ""
    if row.stopped_for == WebhookEndpoint.GONE:
        return _("It answered 410 Gone, which asks us to stop.")
    return _("It has taken nothing for five days, and several deliveries have used up all their attempts.")


def _facts(row: WebhookEndpoint) -> list[dict[str, Any]]:
    events = ", ".join(wording.hook_event(kind) for kind in row.kinds) or _("All of them")
    return [
        {"label": _("Address"), "value": row.url, "at": None, "mono": True},
        {"label": _("Orders"), "value": _("Live orders") if row.live else _("Test orders"), "at": None, "mono": False},
        {"label": _("Events"), "value": events, "at": None, "mono": False},
        {"label": _("Last delivered"), "value": "" if row.last_success_at else _("Never"), "at": row.last_success_at, "mono": False},
        {"label": _("Made"), "value": "", "at": row.created_at, "mono": False},
        {"label": _("Id"), "value": to_public("whe", row.pk), "at": None, "mono": True},
    ]


def _replay_form(row: WebhookEndpoint) -> ReplayForm:
    now = clock.business_now()
    since = min(row.failing_since or now, now - timedelta(hours=24))
    return ReplayForm(initial={"since": since, "until": now, "what": "undelivered"})


def _views() -> list[tuple[str, str]]:
    words = {"": _("All"), "delivered": _("Delivered"), "failed": _("Failed"), "waiting": _("Waiting"), "kept": _("Kept")}
    return list(words.items())


def _row(request: HttpRequest, row: WebhookDelivery) -> dict[str, Any]:
    return {
        "url": links.to(request, "webhook-delivery", delivery_id=row.pk),
        "name": wording.hook_event(row.kind),
        "kind": row.kind,
        "badge": badge_of(row),
        "answer": answer_of(row),
        "attempts": row.attempts,
        "trial": row.trial,
        "at": row.created_at,
    }


def badge_of(row: WebhookDelivery) -> str:
    """Waiting for another try is not the same as waiting for the first."""
    return "hook.retry" if row.state == Outbound.DUE and row.tries else f"hook.{row.state}"


def answer_of(row: WebhookDelivery) -> str:
    """What the last attempt brought, in a few words."""
    if row.status:
        return _("Answered %s") % row.status
    return row.error
