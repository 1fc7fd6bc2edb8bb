"""One delivery: what was sent, what came back, attempt by attempt, and once more."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from dashboard import links, wording
from dashboard.page import act, may, page, show
from dashboard.webhook import answer_of, badge_of
from integrations.models import EndpointState, Outbound, WebhookAttempt, WebhookDelivery
from integrations.webhooks import endpoints, outbox
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role

SHOWN = 20  # attempts, the latest
OUTCOMES = {"delivered": ("ok", "check"), "lost": ("warn", "circle-help"), "blocked": ("bad", "ban")}


@page(Role.VIEWER)
def delivery(request: HttpRequest, slug: str, delivery_id: UUID) -> HttpResponse:
    """The whole delivery, the latest attempt first."""
    row = _found(delivery_id)
    again = (
        may(request, Role.ADMIN) and row.endpoint.state == EndpointState.ON and row.state in (Outbound.DONE, Outbound.FAILED, Outbound.HELD)
    )
    context = {
        "name": wording.hook_event(row.kind),
        "kind": row.kind,
        "trial": row.trial,
        "badge": badge_of(row),
        "answer": answer_of(row),
        "due_at": row.due_at if row.state == Outbound.DUE else None,
        "endpoint": {"name": str(row.endpoint), "url": links.to(request, "webhook", endpoint_id=row.endpoint_id)},
        "webhooks_url": links.to(request, "webhooks"),
        "again_url": links.to(request, "webhook-again", delivery_id=row.pk) if again else "",
        "body": row.body,
        "attempts": [_attempt(one) for one in row.tried.order_by("-number")[:SHOWN]],
        "facts": _facts(row),
    }
    return show(request, "dashboard/webhook_delivery.html", "webhooks", {"delivery": context})


@act(Role.ADMIN)
def again(request: HttpRequest, slug: str, delivery_id: UUID) -> HttpResponse:
    """Send it once more, under the same webhook-id."""
    row = _found(delivery_id)
    outbox.again(row)
    endpoints.log(audit.caller(request), "delivery_again", row.endpoint, {"delivery": (None, to_public("whd", row.pk))})
    notes.success(request, _("It goes out once more, now. Load this page again to see what came of it."))
    return redirect(links.to(request, "webhook-delivery", delivery_id=delivery_id))


def _found(delivery_id: UUID) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("endpoint").filter(endpoint__removed_at=None)
    return get_object_or_404(rows, pk=delivery_id)


def _attempt(row: WebhookAttempt) -> dict[str, Any]:
    tone, icon = OUTCOMES.get(row.outcome, ("bad", "x"))
    return {
        "number": row.number,
        "tone": tone,
        "icon": icon,
        "said": _("Answered %s") % row.status if row.status else row.error,
        "note": row.error if row.status else "",
        "took": _("%s ms") % row.took_ms if row.took_ms is not None else "",
        "at": row.started_at,
        "request": _lines([["POST", row.url], *row.request_headers], first=" ") if row.request_headers else "",
        "answer": _lines([["HTTP", str(row.status)], *row.response_headers], first=" ") if row.status else "",
        "answer_body": row.response_body,
    }


def _lines(pairs: list[list[str]], *, first: str) -> str:
    head, *rest = pairs
    return "\n".join([first.join(head), *(": ".join(pair) for pair in rest)])


def _facts(row: WebhookDelivery) -> list[dict[str, Any]]:
    return [
        {"label": _("Event"), "value": row.kind, "at": None, "mono": True},
        {"label": _("webhook-id"), "value": outbox.public_id(row.event_id), "at": None, "mono": True},
        {"label": _("Told"), "value": "", "at": row.created_at, "mono": False},
        {"label": _("Attempts"), "value": str(row.attempts), "at": None, "mono": False},
        {"label": _("Id"), "value": to_public("whd", row.pk), "at": None, "mono": True},
    ]
