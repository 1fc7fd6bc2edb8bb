"""Connections to shops and carriers, and the inbox of what they sent."""

import uuid
from functools import lru_cache

from django.db import models

from postpurchase.lib import clock, crypto
from postpurchase.lib.states import Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from postpurchase.tenancy.gates import Source
from postpurchase.tenancy.models import ApiKey


class Connection(TenantModel):
    """One source of facts: a shop, a carrier account, or the merchant's own use of the API."""

    API = "api"
    API_TEST = "api-test"  # what test keys send: apart, so that no test order can take a live one's id

    kind = models.CharField(max_length=20)  # a key of integrations.registry, or one of these
    label = models.CharField(max_length=80)
    account = models.CharField(max_length=253, blank=True)  # the shop's domain, the carrier's account number
    secret_sealed = models.BinaryField(null=True)
    old_secret_sealed = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.machine_now)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "kind", "label"], name="one_connection")]

    def __str__(self) -> str:
        return self.label

    def _owner(self) -> uuid.UUID:
        return uuid.UUID(str(self.merchant_id))

    def set_secret(self, secret: str) -> None:
        """Seal a signing secret; the caller saves."""
        self.secret_sealed = crypto.seal(secret, self._owner())

    def secrets(self) -> list[str]:
        """The secrets that a signature may be made with now."""
        return secrets_of(Source(self._owner(), self.pk, self.kind, self.secret_sealed, self.old_secret_sealed, self.old_secret_until))


def secrets_of(source: Source) -> list[str]:
    """The secrets that a signature may be made with now: the current one, and the old one while it is rotated out."""
    found = [crypto.unseal(source.secret, source.merchant_id)] if source.secret else []
    if source.old_secret and source.old_secret_until and source.old_secret_until > clock.machine_now():
        found.append(crypto.unseal(source.old_secret, source.merchant_id))
    return found


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


MOVES: Moves = {
    Delivery.DUE: frozenset({Delivery.CLAIMED}),
    Delivery.CLAIMED: frozenset({Delivery.DUE, Delivery.DONE, Delivery.PARKED, Delivery.IGNORED, Delivery.FAILED}),
    Delivery.PARKED: frozenset({Delivery.DUE}),
    Delivery.FAILED: frozenset({Delivery.DUE}),
    Delivery.IGNORED: frozenset({Delivery.DUE}),
    Delivery.DONE: frozenset(),
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
        ]


class IdempotencyRecord(TenantModel):
    """The answer that a POST with an Idempotency-Key got, written in the transaction that did its work. Kept for a day."""

    api_key = TenantForeignKey(ApiKey, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()  # SHA-256 of method, path, query and body
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "api_key", "key"], name="one_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]
