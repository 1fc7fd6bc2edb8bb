"""Connections to shops and carriers, the inbox of what they sent, and the endpoints of merchants that we tell."""

import uuid
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models

from postpurchase.lib import clock, crypto
from postpurchase.lib.states import IllegalMove, Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from postpurchase.tenancy.gates import Source
from postpurchase.tenancy.models import ApiKey


class TwoSecrets(TenantModel):
    """A row with a signing secret, and the one before it while that is rotated out."""

    secret_sealed = models.BinaryField(null=True)
    old_secret_sealed = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    secret_made_at = models.DateTimeField(null=True)  # set or made; None: there is none yet

    class Meta(TenantModel.Meta):
        abstract = True

    def _owner(self) -> uuid.UUID:
        return uuid.UUID(str(self.merchant_id))

    def set_secret(self, secret: str) -> None:
        """Seal a signing secret; the caller saves."""
        self.secret_sealed = crypto.seal(secret, self._owner())

    def replace_secret(self, secret: str, *, old_holds: timedelta | None) -> None:
        """Another secret, saved. The one before it holds for so long, or ends now (None); one older still ends now."""
        now = clock.machine_now()
        holds = old_holds if self.secret_sealed else None
        self.old_secret_sealed, self.old_secret_until = (self.secret_sealed, now + holds) if holds else (None, None)
        self.set_secret(secret)
        self.secret_made_at = now
        self.save(update_fields=["secret_sealed", "secret_made_at", "old_secret_sealed", "old_secret_until"])

    def end_old_secret(self) -> None:
        """The secret before this one holds no more. Raises IllegalMove if there is none."""
        if not self.has_old_secret:
            raise IllegalMove("The old secret has ended already.")
        self.old_secret_sealed = self.old_secret_until = None
        self.save(update_fields=["old_secret_sealed", "old_secret_until"])

    @property
    def has_old_secret(self) -> bool:
        """Whether the secret before this one still holds."""
        return bool(self.old_secret_sealed and self.old_secret_until and self.old_secret_until > clock.machine_now())

    def secrets(self) -> list[str]:
        """The secrets that hold now: the current one, and the old one while it is rotated out."""
        return _holding(self._owner(), self.secret_sealed, self.old_secret_sealed if self.has_old_secret else None)


def secrets_of(source: Source) -> list[str]:
    """The secrets that a delivery's signature may be made with now."""
    turning = source.old_secret_until and source.old_secret_until > clock.machine_now()
    return _holding(source.merchant_id, source.secret, source.old_secret if turning else None)


def _holding(owner: uuid.UUID, *sealed: bytes | memoryview | None) -> list[str]:
    return [crypto.unseal(one, owner) for one in sealed if one]


class Connection(TwoSecrets):
    """One source of facts: a shop, a carrier account, or the merchant's own use of the API."""

    API = "api"
    API_TEST = "api-test"  # what test keys send: apart, so that no test order can take a live one's id

    kind = models.CharField(max_length=20)  # a key of integrations.registry, or one of these
    label = models.CharField(max_length=80)
    account = models.CharField(max_length=253, blank=True)  # the shop's domain, the carrier's account number
    created_at = models.DateTimeField(default=clock.machine_now)
    paused_at = models.DateTimeField(null=True)  # what it sends is kept and not read
    removed_at = models.DateTimeField(null=True)
    mapping = models.JSONField(null=True)  # where things stand in what it sends, where the merchant says so (carriers/custom)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "kind", "label"], name="one_connection")]

    def __str__(self) -> str:
        return self.label


@lru_cache(maxsize=4096)
def api_connection_id(merchant_id: uuid.UUID) -> uuid.UUID:
    """The connection that the merchant's own API calls belong to. It never changes, so a process asks once."""
    return Connection.objects.only("id").get(kind=Connection.API).pk


def api_test_connection_id() -> uuid.UUID:
    """The connection of the merchant's test keys, made when first used. Not remembered: a rolled-back request would leave a dead id."""
    return Connection.objects.get_or_create(kind=Connection.API_TEST, defaults={"label": "API, test mode"})[0].pk


class Delivery(models.TextChoices):
    """Where an inbound delivery stands."""

    DUE = "due", "Waiting"
    CLAIMED = "claimed", "Being read"
    DONE = "done", "Recorded"
    PARKED = "parked", "Waiting for its order"
    IGNORED = "ignored", "Not a topic we read"
    FAILED = "failed", "Could not be read"
    HELD = "held", "Kept while its connection is paused"


SETTLED = (Delivery.DONE, Delivery.PARKED, Delivery.IGNORED, Delivery.FAILED, Delivery.HELD)
TROUBLED = (Delivery.PARKED, Delivery.FAILED, Delivery.HELD)
MOVES: Moves = {
    Delivery.DUE: frozenset({Delivery.CLAIMED, Delivery.HELD}),
    Delivery.CLAIMED: frozenset({Delivery.DUE, Delivery.DONE, Delivery.PARKED, Delivery.IGNORED, Delivery.FAILED}),
    Delivery.PARKED: frozenset({Delivery.DUE}),
    Delivery.FAILED: frozenset({Delivery.DUE}),
    Delivery.IGNORED: frozenset({Delivery.DUE}),
    Delivery.DONE: frozenset({Delivery.DUE}),  # a replay: intake takes the same facts twice without harm
    Delivery.HELD: frozenset({Delivery.DUE, Delivery.IGNORED}),
}


class InboundDelivery(TenantModel):
    """One webhook call, as it came in: raw bytes, accepted once, read from here."""

    connection = TenantForeignKey(Connection, models.CASCADE, db_index=False, related_name="deliveries")
    delivery_id = models.CharField(max_length=160)
    topic = models.CharField(max_length=80)
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField(default=clock.machine_now)
    state = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.DUE)
    due_at = models.DateTimeField(default=clock.machine_now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_for = models.CharField(max_length=160, blank=True, default="")
    result = models.JSONField(null=True)
    error = models.CharField(max_length=500, blank=True, default="")
    processed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "connection", "delivery_id"], name="one_delivery")]
        indexes = [
            models.Index(fields=["merchant", "due_at"], name="delivery_due", condition=models.Q(state=Delivery.DUE)),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=models.Q(state=Delivery.CLAIMED)),
            models.Index(
                fields=["merchant", "connection", "parked_for"], name="delivery_parked", condition=models.Q(state=Delivery.PARKED)
            ),
            # Of what has been settled only: written once a delivery, where an index of all would be written at every step.
            models.Index(fields=["merchant", "connection", "id"], name="delivery_log", condition=models.Q(state__in=SETTLED)),
            models.Index(fields=["merchant", "connection", "id"], name="delivery_trouble", condition=models.Q(state__in=TROUBLED)),
        ]


class Replay(TenantModel):
    """Deliveries of a time that are read again, a portion at a time."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="replays")
    states = ArrayField(models.CharField(max_length=8))
    since = models.DateTimeField()
    until = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True)  # the last delivery that was put back in the queue
    by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=clock.machine_now)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "connection"], name="one_replay_at_a_time", condition=models.Q(finished_at=None))
        ]


class IdempotencyRecord(TenantModel):
    """The answer that a POST with an Idempotency-Key got, written in the transaction that did its work. Kept for a day."""

    api_key = TenantForeignKey(ApiKey, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()  # SHA-256 of method, path, query and body
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    sealed = models.BooleanField(default=False)  # the answer tells a secret: its body is encrypted
    created_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "api_key", "key"], name="one_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]


class EndpointState(models.TextChoices):
    """Whether an endpoint is told anything."""

    ON = "on", "On"
    OFF = "off", "Off"  # by a person
    STOPPED = "stopped", "Stopped"  # by us


class WebhookEndpoint(TwoSecrets):
    """An address of the merchant's that is told what became true. While it is off, what it would have been told is kept."""

    GONE, FAILING = "gone", "failing"  # why it was stopped

    url = models.CharField(max_length=2000)
    label = models.CharField(max_length=80, blank=True)
    kinds = ArrayField(models.CharField(max_length=40))  # of facts; empty: all
    live = models.BooleanField(default=True)  # else it is told of test orders, and of nothing else
    state = models.CharField(max_length=8, choices=EndpointState.choices, default=EndpointState.ON)
    stopped_for = models.CharField(max_length=8, blank=True, default="")
    stopped_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # the first failure since the last success
    last_success_at = models.DateTimeField(null=True)
    secret_made_at = models.DateTimeField(default=clock.machine_now)
    created_at = models.DateTimeField(default=clock.business_now)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "created_at"], name="endpoint_list", condition=models.Q(removed_at=None))]

    def __str__(self) -> str:
        return self.label or urlsplit(self.url).netloc


class Outbound(models.TextChoices):
    """Where a delivery to an endpoint stands."""

    DUE = "due", "Waiting"
    CLAIMED = "claimed", "Being sent"
    DONE = "done", "Delivered"
    FAILED = "failed", "Failed"
    HELD = "held", "Kept while the endpoint was off"


OUTBOUND_MOVES: Moves = {
    Outbound.DUE: frozenset({Outbound.CLAIMED, Outbound.HELD}),
    Outbound.CLAIMED: frozenset({Outbound.DUE, Outbound.DONE, Outbound.FAILED, Outbound.HELD}),
    Outbound.DONE: frozenset({Outbound.DUE}),
    Outbound.FAILED: frozenset({Outbound.DUE}),
    Outbound.HELD: frozenset({Outbound.DUE}),
}


class WebhookDelivery(TenantModel):
    """One fact on its way to one endpoint. `body` is what is sent, the same bytes at every attempt."""

    endpoint = TenantForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()  # as evt_... the webhook-id: the same at every attempt and replay
    kind = models.CharField(max_length=40)
    body = models.TextField()
    trial = models.BooleanField(default=False)  # a test event: sent once, and no sign of the endpoint's health
    state = models.CharField(max_length=8, choices=Outbound.choices, default=Outbound.DUE)
    due_at = models.DateTimeField(default=clock.business_now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # ever
    tries = models.PositiveSmallIntegerField(default=0)  # since it was last put in the queue: the step of the schedule
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    error = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(default=clock.business_now)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "endpoint", "event_id"], name="one_outbound_delivery")]
        indexes = [
            models.Index(fields=["merchant", "endpoint", "due_at"], name="outbound_due", condition=models.Q(state=Outbound.DUE)),
            models.Index(fields=["merchant", "endpoint"], name="outbound_claimed", condition=models.Q(state=Outbound.CLAIMED)),
            models.Index(fields=["merchant", "endpoint", "created_at", "id"], name="outbound_log"),
            models.Index(fields=["created_at"], name="outbound_by_age"),
            models.Index(
                fields=["merchant", "endpoint", "created_at", "id"],
                name="outbound_undelivered",
                condition=models.Q(state__in=(Outbound.FAILED, Outbound.HELD)),
            ),
        ]


class WebhookAttempt(TenantModel):
    """One try: what was sent, what came back, how long it took."""

    delivery = TenantForeignKey(WebhookDelivery, models.CASCADE, related_name="tried")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10)  # delivered, answered, silent, blocked, lost
    started_at = models.DateTimeField(default=clock.machine_now)
    took_ms = models.PositiveIntegerField(null=True)
    url = models.CharField(max_length=2000)
    request_headers = models.JSONField(default=list)
    status = models.PositiveSmallIntegerField(null=True)
    response_headers = models.JSONField(default=list)
    response_body = models.TextField(blank=True, default="")  # its first 2 kB
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "delivery", "number"], name="one_webhook_attempt")]
