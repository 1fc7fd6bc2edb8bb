"""Backtests of flows, and what each would have made of every order, beside what is published."""

from django.db import models

from notifications.models import Flow, FlowVersion
from orders.models import Order
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from transfers.models import Leased, Standing


class Backtest(Leased):
    """A definition run over the last days' facts, beside the version that was live when it was asked for. Each portion of orders and its
    progress are one transaction.
    """

    flow = TenantForeignKey(Flow, models.CASCADE, related_name="backtests", db_index=False)
    definition = models.JSONField()  # what is tried, as it was then
    live = TenantForeignKey(FlowVersion, models.SET_NULL, null=True, related_name="+")
    days = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    once = models.CharField(max_length=60)  # drawn with the page that asked: a second click is the same backtest
    state = models.CharField(max_length=9, choices=Standing.choices, default=Standing.RUNNING)
    total = models.PositiveIntegerField(default=0)  # orders
    done = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=100, blank=True, default="")  # where the next portion begins
    summary = models.JSONField(default=dict)  # backtest/compare.py gives its form

    class Meta(Leased.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "once"], name="one_backtest")]
        indexes = [
            models.Index(fields=["merchant", "flow", "-created_at", "-id"], name="backtest_newest"),
            models.Index(fields=["lease_until"], name="backtest_working", condition=models.Q(state=Standing.RUNNING)),
            models.Index(fields=["created_at"], name="backtest_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days of {self.flow_id}"

    @property
    def share(self) -> int:
        """Per cent that is done."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Difference(models.TextChoices):
    """How the tried definition differs from the live one in what an order would have got from a step."""

    SAME = "same", "The same"
    ONLY_DRAFT = "only_draft", "Only in the draft"
    ONLY_LIVE = "only_live", "Only in what is live"
    MOVED = "moved", "At another time"


class Outcome(TenantModel):
    """What a step would have come to for an order or a parcel, on both sides; '' where that side never came there."""

    backtest = TenantForeignKey(Backtest, models.CASCADE, related_name="outcomes", db_index=False)
    order = TenantForeignKey(Order, models.CASCADE, related_name="+", db_index=False)
    subject = models.UUIDField()  # the order's or the parcel's id, as the flow's key says
    node = models.CharField(max_length=40)
    template = models.CharField(max_length=60)
    difference = models.CharField(max_length=10, choices=Difference.choices)
    verdict = models.CharField(max_length=10, blank=True)  # send, skip, expire, cancel, hold; due: later than the backtest's end
    reason = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)
    live_verdict = models.CharField(max_length=10, blank=True)
    live_reason = models.CharField(max_length=80, blank=True)
    live_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "backtest", "subject", "node"], name="one_outcome")]
        indexes = [
            models.Index(fields=["merchant", "backtest", "id"], name="outcome_by_backtest"),
            models.Index(fields=["merchant", "backtest", "difference", "id"], name="outcome_by_difference"),
            models.Index(fields=["merchant", "order"], name="outcome_by_order"),
        ]
