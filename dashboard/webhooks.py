"""The endpoints that are told what became true: all of them, and a new one."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, wording
from dashboard.forms.webhook import EndpointForm
from dashboard.page import act, may, page, show
from dashboard.webhook import choices, one_page
from integrations.models import WebhookEndpoint
from integrations.webhooks import endpoints, questions
from integrations.webhooks.questions import Tally
from postpurchase.lib import clock
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role

LATELY = timedelta(days=7)


@page(Role.VIEWER)
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them with their health, newest first; there are at most forty."""
    tallies = questions.tallies(clock.business_now() - LATELY)
    rows = [_row(request, one, tallies.get(one.pk, Tally())) for one in endpoints.kept()]
    context = {"rows": rows, "new_url": links.to(request, "webhook-new") if may(request, Role.ADMIN) else ""}
    return show(request, "dashboard/webhooks.html", "webhooks", {"webhooks": context})


@page(Role.ADMIN)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty form."""
    return _form_page(request, EndpointForm(fresh=True, events=choices()))


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one. Its page follows at once, with the secret, which is not shown again."""
    form = EndpointForm(request.POST, fresh=True, events=choices())
    if form.is_valid():
        given = form.cleaned_data
        try:
            row, secret = endpoints.add(given["url"], kinds=given["events"], label=given["label"], live=given["live"] == "1")
        except endpoints.Unfit as unfit:
            form.add_error(unfit.field, str(unfit))
        else:
            endpoints.log(audit.caller(request), "added", row, audit.changed({}, endpoints.told(row)))
            return one_page(request, row, secret=secret)
    return _form_page(request, form, status=422)


def _form_page(request: HttpRequest, form: EndpointForm, status: int = 200) -> HttpResponse:
    context = {
        "name": "",
        "form": form,
        "act_url": links.to(request, "webhook-add"),
        "back_url": links.to(request, "webhooks"),
        "webhooks_url": links.to(request, "webhooks"),
    }
    return show(request, "dashboard/webhook_edit.html", "webhooks", {"webhook": context}, status)


def _row(request: HttpRequest, row: WebhookEndpoint, tally: Tally) -> dict[str, Any]:
    return {
        "url": links.to(request, "webhook", endpoint_id=row.pk),
        "name": str(row),
        "address": row.url,
        "badge": f"hook.{questions.health(row)}",
        "events": _events(row),
        "test": not row.live,
        "delivered": tally.delivered,
        "failed": tally.failed,
        "last_success_at": row.last_success_at,
    }


def _events(row: WebhookEndpoint) -> str:
    if not row.kinds:
        return _("All events")
    if len(row.kinds) == 1:
        return wording.hook_event(row.kinds[0])
    return ngettext("%(n)s event", "%(n)s events", len(row.kinds)) % {"n": len(row.kinds)}
