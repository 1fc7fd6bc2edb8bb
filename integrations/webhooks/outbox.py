"""Deliveries into the queue: facts as they become true, test events, replays. A row in this transaction, a nudge after it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from integrations.models import EndpointState, Outbound, WebhookDelivery, WebhookEndpoint
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public, uuid7
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope

TRIAL = "webhook.test"
REPLAYED = ("failed", "undelivered", "all")  # what of a time is sent again


class Told(msgspec.Struct, frozen=True):
    """What an endpoint is told: the body of every webhook."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


def public_id(event_id: UUID) -> str:
    """evt_...: the webhook-id, and the event's id in the API."""
    return to_public("evt", event_id)


def put(told: Iterable[tuple[WebhookEndpoint, UUID, Told]]) -> None:
    """Facts (by their event's id) for endpoints. One that an endpoint has been told of already changes nothing."""
    rows = [_row(endpoint, event_id, body) for endpoint, event_id, body in told]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == Outbound.DUE for row in rows):
        soon()


def _row(endpoint: WebhookEndpoint, event_id: UUID, told: Told, **more: Any) -> WebhookDelivery:
    state = Outbound.DUE if endpoint.state == EndpointState.ON else Outbound.HELD
    body = msgspec.json.encode(told).decode()
    return WebhookDelivery(endpoint=endpoint, event_id=event_id, kind=told.type, body=body, state=state, **more)


def soon() -> None:
    """Have what is due sent after COMMIT."""
    nudge.after_commit("integrations.webhooks.tasks.deliver_soon", scope.merchant_id())


def try_out(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """A test event, sent now and once. Raises IllegalMove for an endpoint that is off."""
    if endpoint.state != EndpointState.ON:
        raise IllegalMove("This endpoint is off: switch it on first.")
    event_id = uuid7()
    data = {"event_id": public_id(event_id), "test": True, "message": "This is a test. Nothing happened in your shop."}
    row = _row(endpoint, event_id, Told(TRIAL, clock.business_now(), data), trial=True)
    row.save()
    soon()
    return row


def again(row: WebhookDelivery) -> None:
    """Send a delivery once more, from the start of the schedule, under the same webhook-id. Raises IllegalMove."""
    if row.endpoint.state != EndpointState.ON:
        raise IllegalMove("Its endpoint is off: switch it on first.")
    if not requeue(WebhookDelivery.objects.filter(pk=row.pk)):
        raise IllegalMove("This delivery is waiting or being sent already.")


def replay(endpoint: WebhookEndpoint, since: datetime, until: datetime, *, what: str = "undelivered") -> int:
    """Send again what was told from `since` to before `until`: what failed, what never arrived, or all. Returns how many.

    What is waiting anyway is left as it is. Raises IllegalMove for an endpoint that is off.
    """
    if endpoint.state != EndpointState.ON:
        raise IllegalMove("This endpoint is off: switch it on first.")
    rows = WebhookDelivery.objects.filter(endpoint=endpoint, created_at__gte=since, created_at__lt=until, trial=False)
    states = {"failed": [Outbound.FAILED], "undelivered": [Outbound.FAILED, Outbound.HELD]}.get(what)
    return requeue(rows.filter(state__in=states) if states else rows)


def requeue(rows: QuerySet[WebhookDelivery]) -> int:
    """Put finished deliveries back, due now. Returns how many."""
    over = rows.filter(state__in=(Outbound.DONE, Outbound.FAILED, Outbound.HELD))
    count = over.update(state=Outbound.DUE, due_at=clock.business_now(), tries=0, finished_at=None)
    if count:
        soon()
    return count
