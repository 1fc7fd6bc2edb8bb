"""Whom we may write to: what people agreed to, and addresses that we do not write to."""

from django.db import models

from notifications.models.messages import Stream
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Consent(TenantModel):
    """What a person agreed to or withdrew, with proof. Append only; the newest row counts."""

    address = models.CharField(max_length=254)
    channel = models.CharField(max_length=8, default="email")
    purpose = models.CharField(max_length=20, default=Stream.MARKETING)
    given = models.BooleanField()
    text = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=120)
    at = models.DateTimeField()
    order = TenantForeignKey(Order, models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "address", "-at"], name="consent_newest")]


class Suppression(TenantModel):
    """An address we do not write to. Only its keyed hash is kept, so it survives the person's erasure."""

    ALL = "all"

    address_hash = models.BinaryField()
    channel = models.CharField(max_length=8, default="email")
    scope = models.CharField(max_length=13)  # "all" after a hard bounce or complaint, "marketing" after an unsubscribe
    reason = models.CharField(max_length=40)  # bounced, complained, unsubscribed, erased
    at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "channel", "address_hash", "scope"], name="one_suppression")]
