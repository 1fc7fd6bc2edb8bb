"""What an attempt comes to: the log, the delivery's next step, the endpoint's health."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from integrations.models import EndpointState, Outbound, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import schedule
from integrations.webhooks.endpoints import stop
from postpurchase.lib import clock, http

GONE = 410
NOTED_EVERY = timedelta(minutes=1)  # a busy endpoint's last success is not written at each


@dataclass
class Came:
    """What came of a call. `outcome`: delivered, answered (but not with 2xx), silent, blocked (the address may not be called), lost."""

    url: str
    started_at: datetime
    outcome: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    took_ms: int | None = None
    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    error: str = ""

    def hear(self, answer: http.Answer) -> None:
        """An answer came."""
        self.status, self.headers = answer.status, answer.headers
        self.body = answer.body.decode("utf-8", "replace").replace("\0", "\ufffd")
        self.outcome = "delivered" if 200 <= answer.status < 300 else "answered"
        if 300 <= answer.status < 400:
            self.error = "A redirect is not followed: give the address that it leads to."

    @property
    def asked(self) -> int:
        """The seconds of its Retry-After, 0 without one."""
        return http.retry_after(self.headers)


def settle(row: WebhookDelivery, came: Came) -> None:
    """Write the attempt and what follows from it. `row` is locked, with its endpoint; its lease is ours or has run out."""
    _note(row, came)
    if came.outcome == "delivered":
        _close(row, came, Outbound.DONE)
        _succeeded(row.endpoint)
    elif came.status == GONE:
        _close(row, came, Outbound.FAILED)
        stop(row.endpoint, WebhookEndpoint.GONE)
    else:
        _failed(row, came)


def _note(row: WebhookDelivery, came: Came) -> None:
    WebhookAttempt.objects.create(
        delivery=row,
        number=row.attempts,
        outcome=came.outcome,
        started_at=came.started_at,
        took_ms=came.took_ms,
        url=came.url,
        request_headers=list(came.sent.items()),
        status=came.status,
        response_headers=[[name.replace("\0", ""), value.replace("\0", "")] for name, value in came.headers],
        response_body=came.body,
        error=came.error[:300],
    )


def _close(row: WebhookDelivery, came: Came, state: str, **more: Any) -> None:
    changes = {"lease_until": None, "lease_token": None, "status": came.status, "error": came.error[:300], "state": state, **more}
    if state in (Outbound.DONE, Outbound.FAILED):
        changes["finished_at"] = clock.business_now()
    WebhookDelivery.objects.filter(pk=row.pk).update(**changes)


def _succeeded(endpoint: WebhookEndpoint) -> None:
    now = clock.business_now()
    worth = Q(failing_since__isnull=False) | Q(last_success_at=None) | Q(last_success_at__lt=now - NOTED_EVERY)
    WebhookEndpoint.objects.filter(worth, pk=endpoint.pk).update(last_success_at=now, failing_since=None)


def _failed(row: WebhookDelivery, came: Came) -> None:
    now = clock.business_now()
    pause = None if row.trial else schedule.wait(row.tries, asked=came.asked)
    if pause is None:
        _close(row, came, Outbound.FAILED)
    else:
        on = row.endpoint.state == EndpointState.ON
        _close(row, came, Outbound.DUE if on else Outbound.HELD, due_at=now + pause)
    if not row.trial and came.outcome != "lost":
        WebhookEndpoint.objects.filter(pk=row.endpoint_id, failing_since=None).update(failing_since=now)
        if pause is None:
            _judge(row.endpoint, now)


def _judge(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Stop an endpoint that has taken nothing for days."""
    endpoint.refresh_from_db(fields=["failing_since"])
    if endpoint.failing_since is None:
        return
    spent = WebhookDelivery.objects.filter(
        endpoint=endpoint, state=Outbound.FAILED, finished_at__gte=endpoint.failing_since, trial=False
    ).count()
    if schedule.given_up(endpoint.failing_since, now, spent):
        stop(endpoint, WebhookEndpoint.FAILING)
