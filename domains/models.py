"""A name of the merchant's own, and how it stands in the DNS."""

import uuid

from django.db import models

from postpurchase.lib import clock, crypto
from postpurchase.tenancy.base import TenantModel


class Kind(models.TextChoices):
    """What the name is for."""

    PORTAL = "portal", "Portal host"
    SENDING = "sending", "Sending domain"


class State(models.TextChoices):
    """How it stands in the DNS."""

    WAITING = "waiting", "Waiting"  # has never been right
    VERIFIED = "verified", "Verified"
    BROKEN = "broken", "Broken"  # was right once


class Domain(TenantModel):
    """One name. That a portal host belongs to one merchant only, once it was verified, is held by the index domains_one_portal."""

    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=253)  # ASCII, lower case
    token = models.CharField(max_length=64)  # stands in the DNS and proves whose name it is
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    findings = models.JSONField(default=dict)  # of the last check, by record: {state, values, note}
    failures = models.PositiveSmallIntegerField(default=0)  # checks in a row that found it wrong
    selector = models.CharField(max_length=63, blank=True, default="")
    public_key = models.TextField(blank=True, default="")  # base64 of the DER form, as it stands in the DNS
    key_sealed = models.BinaryField(null=True)  # the private key's PEM
    created_at = models.DateTimeField(default=clock.machine_now)
    asked_at = models.DateTimeField(default=clock.machine_now)  # when somebody last wanted a check
    check_at = models.DateTimeField(default=clock.machine_now)  # of the next check
    checked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    broken_since = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "kind"], name="one_domain_of_a_kind")]
        indexes = [models.Index(fields=["check_at"], name="domain_to_check"), models.Index(fields=["name"], name="domain_by_name")]

    def __str__(self) -> str:
        return self.name

    def set_key(self, pem: str) -> None:
        """Seal the private key; the caller saves."""
        self.key_sealed = crypto.seal(pem, uuid.UUID(str(self.merchant_id)))
