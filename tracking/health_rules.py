"""The table of how long is too long, by lane. It stands apart from the other models, which are many already."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantModel


class HealthRule(TenantModel):
    """How patient to be with the parcels of a lane. '' is any carrier, service or country; None leaves the question to the next wider rule.

    Days are working days, but for `pickup_days`. `learned`: of the parcels that came, not of the merchant (tracking/silences.py).
    """

    learned = models.BooleanField(default=False)
    carrier = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)  # that it goes to
    first_scan_days = models.PositiveSmallIntegerField(null=True)
    quiet_days = models.PositiveSmallIntegerField(null=True)
    pickup_days = models.PositiveSmallIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(null=True)
    parcels = models.PositiveIntegerField(default=0)  # that it was learned from
    changed_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "learned", "carrier", "service", "country"], name="one_health_rule"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.carrier, self.service, self.country) if part)
