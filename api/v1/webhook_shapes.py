"""What the API takes and answers about webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from api.v1.shapes import EventId, Page

WebhookId = Annotated[str, Meta(pattern="^whe_[0-9a-z]{26}$")]
DeliveryId = Annotated[str, Meta(pattern="^whd_[0-9a-z]{26}$")]
Url = Annotated[str, Meta(min_length=1, max_length=2000, examples=["https://example.com/hooks"])]
Label = Annotated[str, Meta(max_length=80)]
Events = Annotated[list[str], Meta(max_length=50, description="Types of events; empty for all of them", examples=[["order.placed"]])]
Moment = Annotated[datetime, Meta(tz=True)]


class WebhookNew(Struct, forbid_unknown_fields=True):
    """An endpoint to tell. It hears of live or of test orders, as the key that makes it."""

    url: Url
    events: Events = []
    label: Label = ""


class WebhookChange(Struct, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class Webhook(Struct):
    """An endpoint. `state` is on, off (by you) or stopped (by us: `stopped_for` is gone or failing). `events` empty: all of them."""

    id: WebhookId
    url: str
    label: str
    events: list[str]
    live: bool
    state: str
    stopped_for: str
    stopped_at: datetime | None
    failing_since: datetime | None
    last_success_at: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class WebhookMade(Webhook):
    """A new endpoint with its secret, which is not shown again."""

    secret: str = ""


class Rotation(Struct, forbid_unknown_fields=True):
    """The old secret signs as well for 24 hours; with `end_old` it ends now."""

    end_old: bool = False


class Secret(Struct):
    """The new secret, which is not shown again."""

    secret: str
    old_secret_until: datetime | None


class Replay(Struct, forbid_unknown_fields=True):
    """Send again what was told from `since` to before `until`: what failed, what is undelivered (failed, or kept while off), or all."""

    since: Moment
    until: Moment
    what: Literal["failed", "undelivered", "all"] = "undelivered"


class Replayed(Struct):
    """How many deliveries are on their way again."""

    deliveries: int


class WebhookDelivery(Struct):
    """One event on its way to one endpoint. `state` is due, claimed, done, failed or held; `status` is that of the last answer."""

    id: DeliveryId
    webhook_id: WebhookId
    event_id: EventId
    type: str
    state: str
    attempts: int
    status: int | None
    error: str
    due_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class WebhookAttempt(Struct):
    """One try. `outcome` is delivered, answered (not with 2xx), silent, blocked or lost; `response_body` has the first 2 kB."""

    number: int
    outcome: str
    started_at: datetime
    took_ms: int | None
    url: str
    request_headers: list[list[str]]
    status: int | None
    response_headers: list[list[str]]
    response_body: str
    error: str


class WebhookDeliveryDetail(WebhookDelivery):
    """A delivery with the body that is sent and every attempt, oldest first."""

    body: str = ""
    tried: list[WebhookAttempt] = []


class WebhookPage(Page):
    """Endpoints, newest first."""

    data: list[Webhook]


class WebhookDeliveryPage(Page):
    """Deliveries, newest first."""

    data: list[WebhookDelivery]
