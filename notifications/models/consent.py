"""Whom we may write to: what people agreed to, addresses that we do not write to, and what people wish of us."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from notifications.models.messages import Stream
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Consent(TenantModel):
    """What a person agreed to or withdrew, with proof. Append only; the newest row counts that is not pending."""

    address = models.CharField(max_length=254)
    channel = models.CharField(max_length=8, default="email")
    purpose = models.CharField(max_length=20, default=Stream.MARKETING)
    given = models.BooleanField()
    pending = models.BooleanField(default=False, db_default=False)  # counts for nothing until a later row confirms it
    text = models.CharField(max_length=500, blank=True)
    text_version = models.CharField(max_length=40, blank=True, default="", db_default="")
    source = models.CharField(max_length=120)
    proof = models.JSONField(null=True)  # {ip: shortened, user_agent, page}, as far as they are known
    at = models.DateTimeField()
    order = TenantForeignKey(Order, models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "address", "-at"], name="consent_newest")]


class Suppression(TenantModel):
    """An address we do not write to. Only its keyed hash is kept, so it survives the person's erasure."""

    ALL = "all"

    address_hash = models.BinaryField()
    channel = models.CharField(max_length=8, default="email")
    scope = models.CharField(max_length=13)  # "all" after a hard bounce or complaint, else a stream: "marketing" after an unsubscribe
    reason = models.CharField(max_length=40)  # bounced, complained, rejected, unsubscribed, erased, by_hand, imported
    at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "channel", "address_hash", "scope"], name="one_suppression")]


class Preference(TenantModel):
    """What the person behind an address wishes: a language, and of which orders to hear only when something is late."""

    address_hash = models.BinaryField()
    locale = models.CharField(max_length=20, blank=True, default="")
    late_only = ArrayField(models.UUIDField(), default=list)  # ids of orders
    at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "address_hash"], name="one_preference")]
