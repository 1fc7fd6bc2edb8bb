"""Outbox, audit and history in one table; and which handler has seen what."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class DomainEvent(TenantModel):
    """A fact, written in the transaction that made it true. Its id is time-ordered."""

    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    thread = models.UUIDField(null=True)  # the order whose story it belongs to
    payload = models.JSONField()
    occurred_at = models.DateTimeField(default=clock.business_now)
    relayed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "id"], name="event_waiting", condition=models.Q(relayed_at=None)),
            models.Index(fields=["merchant", "thread", "id"], name="event_by_thread", condition=~models.Q(thread=None)),
        ]


class Receipt(TenantModel):
    """Handler H has handled event E: at-least-once delivery becomes an exactly-once effect."""

    event = TenantForeignKey(DomainEvent, models.CASCADE, db_index=False, related_name="+")
    handler = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "event", "handler"], name="one_receipt")]
