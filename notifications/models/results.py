"""What came of flows' messages, kept by day, so that a page reads a few hundred rows however much was sent."""

from django.db import models

from notifications.models.flows import Flow
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class ResultDay(TenantModel):
    """A step's messages of one day, by the shop's clock: counted anew every hour while they are young (notifications/results/keep.py)."""

    flow = TenantForeignKey(Flow, models.CASCADE, related_name="+", db_index=False)
    node = models.CharField(max_length=40)
    day = models.DateField()
    counts = models.JSONField()  # {sent, texts, delivered, opened, clicked, left, orders}
    revenue = models.JSONField(default=dict)  # {currency: minor units, less refunds}

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "flow", "day", "node"], name="result_day")]
        indexes = [models.Index(fields=["merchant", "day"], name="result_by_day")]


class ResultsKept(TenantModel):
    """Which days are kept, both ends among them, in which zone, and when they were last counted."""

    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=40)
    counted_at = models.DateTimeField()
    whole_at = models.DateTimeField()  # when all of them were counted, the old ones too

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="results_kept")]
