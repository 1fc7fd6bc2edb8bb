"""/api/v1/webhooks/.../deliveries and /api/v1/webhook-deliveries"""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import mode, show
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, Writable, answer, bad_query, found_or_404, key_of, listed, query_of
from api.v1.webhook_shapes import WebhookDelivery, WebhookDeliveryDetail, WebhookDeliveryPage
from api.v1.webhooks import KEYS, SCOPES, log, one
from integrations.models import Outbound
from integrations.models import WebhookDelivery as Row
from integrations.webhooks import outbox
from integrations.webhooks.endpoints import PUBLIC
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.gates import Key

FILTERS = ("state", "type")
TYPES = (*PUBLIC, outbox.TRIAL)


class WebhookDeliveries(Resource):
    """What one endpoint was told."""

    scopes = SCOPES
    http_method_names = ["get", "head"]

    @told("List deliveries", gives=WebhookDeliveryPage, one=True, params=[
        parameter("state", "Where the delivery stands", enum=list(Outbound.values)),
        parameter("type", "The type of the event", enum=list(TYPES)),
    ])  # fmt: skip
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """Newest first. Kept for 30 days."""
        rows, query = Row.objects.filter(endpoint=one(key_of(request), public_id)), query_of(request, *FILTERS)
        for name, column, values in (("state", "state", Outbound.values), ("type", "kind", TYPES)):
            if name in query:
                if query[name] not in values:
                    raise bad_query(name, f"must be one of {', '.join(values)}")
                rows = rows.filter(**{column: query[name]})
        return listed(
            request, rows.values(*show.DELIVERY), KEYS, lambda found: list(map(show.delivery, found)), WebhookDeliveryPage, *FILTERS
        )


class OneWebhookDelivery(Resource):
    """One delivery."""

    scopes = SCOPES
    http_method_names = ["get", "head"]

    @told("Read a delivery", gives=WebhookDeliveryDetail)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """With the body and every attempt: what was sent, what came back, how long it took."""
        row = found_or_404(mode.webhook_deliveries(key_of(request)), "whd", public_id)
        return answer(show.delivery_detail(row))


class WebhookDeliveryReplay(Writable):
    """One delivery once more."""

    scopes = SCOPES
    http_method_names = ["post"]

    @told("Replay a delivery", gives=WebhookDelivery, writes=True, one=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Sent again now under the same `webhook-id`, from the start of the schedule. 409 while it is waiting or its endpoint is off."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Put it back."""
        row = found_or_404(mode.webhook_deliveries(key), "whd", self.kwargs["public_id"])
        outbox.again(row)
        log(self.request, "delivery_again", row.endpoint, {"delivery": (None, to_public("whd", row.pk))})
        row.refresh_from_db()
        return answer(show.delivery(vars(row)))
