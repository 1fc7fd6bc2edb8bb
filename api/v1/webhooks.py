"""/api/v1/webhooks"""

from typing import Any

import msgspec
from django.http import HttpResponse
from msgspec import UNSET, Struct
from rest_framework.request import Request

from api.v1 import decode, mode, show
from api.v1.openapi import told
from api.v1.resource import MIB, Resource, Writable, answer, body_of, found_or_404, key_of, listed
from api.v1.webhook_shapes import (
    Replay,
    Replayed,
    Rotation,
    Secret,
    Webhook,
    WebhookChange,
    WebhookDelivery,
    WebhookMade,
    WebhookNew,
    WebhookPage,
)
from integrations.models import EndpointState, WebhookEndpoint
from integrations.types import FieldError
from integrations.webhooks import endpoints, outbox
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.problems import Problem
from postpurchase.tenancy.request_log import request_id

SCOPES = {"GET": "webhooks:read", "POST": "webhooks:write", "PATCH": "webhooks:write", "DELETE": "webhooks:write"}
COLUMNS = show.columns(Webhook, events="kinds")
KEYS = ("-created_at", "-id")


class Webhooks(Writable):
    """All endpoints."""

    scopes = SCOPES
    tells_secret = True

    @told("List webhooks", gives=WebhookPage)
    def get(self, request: Request) -> HttpResponse:
        """Newest first. A live key sees those that hear of live orders, a test key those that hear of test orders."""
        return listed(request, mode.webhooks(key_of(request)).values(*COLUMNS), KEYS, lambda rows: list(map(shown, rows)), WebhookPage)

    @told("Add a webhook", takes=WebhookNew, gives=WebhookMade, status=201, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """The answer has the secret to check signatures with (Standard Webhooks); it is not shown again."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """A new endpoint."""
        wanted = decode.parse(raw, WebhookNew)
        try:
            row, secret = endpoints.add(wanted.url, kinds=wanted.events, label=wanted.label, live=key.live)
        except endpoints.Unfit as unfit:
            raise misfit(unfit) from None
        log(self.request, "added", row, audit.changed({}, endpoints.told(row)))
        return answer(WebhookMade(**_fields(vars(row)), secret=secret), 201)


class OneWebhook(Resource):
    """One endpoint."""

    scopes = SCOPES
    http_method_names = ["get", "head", "patch", "delete"]

    @told("Read a webhook", gives=Webhook)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """With its health."""
        return answer(shown(vars(one(key_of(request), public_id))))

    @told("Change a webhook", takes=WebhookChange, gives=Webhook, changes=True)
    def patch(self, request: Request, public_id: str) -> HttpResponse:
        """What is left out stays. `enabled` switches it on, also where we stopped it, or off; what it then misses is kept for a replay."""
        row, raw = one(key_of(request), public_id), body_of(request, MIB)
        wanted = decode.parse(raw, WebhookChange)
        before = endpoints.told(row) | {"state": row.state}
        given = {"url": row.url, "events": row.kinds, "label": row.label} | _set(wanted)
        try:
            endpoints.change(row, url=given["url"], kinds=given["events"], label=given["label"])
        except endpoints.Unfit as unfit:
            raise misfit(unfit) from None
        if isinstance(wanted.enabled, bool) and wanted.enabled is not (row.state == EndpointState.ON):
            endpoints.switch(row, on=wanted.enabled)
        log(request, "changed", row, audit.changed(before, endpoints.told(row) | {"state": row.state}))
        return answer(shown(vars(row)))

    @told("Remove a webhook", gives=None, changes=True)
    def delete(self, request: Request, public_id: str) -> HttpResponse:
        """It is told nothing any more, and what waits is not sent."""
        row = one(key_of(request), public_id)
        endpoints.remove(row)
        log(request, "removed", row)
        return HttpResponse(status=204)


class WebhookSecret(Writable):
    """The secret of an endpoint."""

    scopes = SCOPES
    http_method_names = ["post"]
    tells_secret = True

    @told("Rotate the secret", takes=Rotation, gives=Secret, writes=True, one=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """A new secret. For 24 hours every call carries two signatures, by the new and the old one; `end_old` ends the old one now."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Rotate."""
        wanted = decode.parse(raw or b"{}", Rotation)
        row = one(key, self.kwargs["public_id"])
        secret = endpoints.rotate(row, at_once=wanted.end_old)
        log(self.request, "secret_made", row, {"old_one_holds_until": (None, row.old_secret_until)})
        return answer(Secret(secret, row.old_secret_until))


class WebhookTest(Writable):
    """A test event."""

    scopes = SCOPES
    http_method_names = ["post"]

    @told("Send a test event", gives=WebhookDelivery, status=201, writes=True, one=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """An event of type `webhook.test`, sent now and once. Read the delivery to see what came of it."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Send one."""
        row = one(key, self.kwargs["public_id"])
        sent = outbox.try_out(row)
        log(self.request, "tested", row)
        return answer(show.delivery(vars(sent)), 201)


class WebhookReplay(Writable):
    """A range of time once more."""

    scopes = SCOPES
    http_method_names = ["post"]

    @told("Replay a range of time", takes=Replay, gives=Replayed, writes=True, one=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Each is sent again under its own `webhook-id`, from the start of the schedule. The log goes back 30 days."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Put them back."""
        wanted = decode.parse(raw, Replay)
        if wanted.since >= wanted.until:
            raise decode.invalid([FieldError("/until", "must be later than since")])
        row = one(key, self.kwargs["public_id"])
        count = outbox.replay(row, wanted.since, wanted.until, what=wanted.what)
        asked = {"since": wanted.since, "until": wanted.until, "what": wanted.what, "deliveries": count}
        log(self.request, "replayed", row, audit.changed({}, asked))
        return answer(Replayed(count))


def one(key: Key, public_id: str) -> WebhookEndpoint:
    """The endpoint, if this key may see it. Raises Http404."""
    return found_or_404(mode.webhooks(key), "whe", public_id)


def log(request: Request, what: str, row: WebhookEndpoint, changes: audit.Changes | None = None) -> None:
    """Put what a key did to an endpoint into the merchant's log."""
    endpoints.log(audit.caller(request, request_id=request_id(request)), what, row, changes)


def misfit(unfit: endpoints.Unfit) -> Problem:
    """422 naming the field."""
    return decode.invalid([FieldError(f"/{unfit.field}", str(unfit))])


def _set(wanted: Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not UNSET}


def shown(row: show.Row) -> Webhook:
    """For an answer."""
    return Webhook(**_fields(row))


def _fields(row: show.Row) -> dict[str, Any]:
    until = row["old_secret_until"]
    holds = until if until and until > clock.machine_now() else None
    return show.same(row, Webhook, id=to_public("whe", row["id"]), events=row["kinds"], old_secret_until=holds)
