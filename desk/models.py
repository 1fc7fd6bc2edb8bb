"""A case for each parcel that needs somebody, what was done about it, and the key that evidence is signed with."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from postpurchase.lib import clock, crypto
from postpurchase.lib.states import Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from postpurchase.tenancy.models import Membership, User
from tracking.models import Shipment

NO_DAY = date(9999, 12, 31)  # of parcels that nobody promised: they come last, and a page begins after a day


class State(models.TextChoices):
    """Where a case stands. `over`: the trouble went by itself. New trouble opens a case again, whatever it was."""

    OPEN = "open", _("Waiting")
    SNOOZED = "snoozed", _("Put off")
    DONE = "done", _("Done")
    OVER = "over", _("Over")


MOVES: Moves = {
    State.OPEN: frozenset({State.SNOOZED, State.DONE, State.OVER}),
    State.SNOOZED: frozenset({State.OPEN, State.DONE, State.OVER, State.SNOOZED}),
    State.DONE: frozenset({State.OPEN, State.OVER}),
    State.OVER: frozenset({State.OPEN}),
}


class Case(TenantModel):
    """A parcel in trouble, one row however often it is. What it is sorted by is kept here, so that one index serves the queue."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, db_index=False, related_name="+")
    kinds = ArrayField(models.CharField(max_length=24), default=list)  # flags of its health, "exception", "missing", "request"
    answered = ArrayField(models.CharField(max_length=24), default=list)  # those that somebody has seen to, or put off
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.business_now)
    due_on = models.DateField(default=NO_DAY)  # promised, else the first day told
    worth = models.BigIntegerField(default=0)  # minus what the order is worth in the shop's currency (worth.py): the dearest come first
    assignee = TenantForeignKey(Membership, models.SET_NULL, null=True, db_index=False, related_name="+")
    until = models.DateTimeField(null=True)  # put off till then

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "shipment"], name="one_case")]
        indexes = [
            models.Index(fields=["merchant", "state", "due_on", "worth", "id"], name="case_queue"),
            models.Index(fields=["until"], name="case_to_wake", condition=models.Q(state=State.SNOOZED)),
            models.Index(fields=["merchant", "assignee"], name="case_by_assignee", condition=models.Q(assignee__isnull=False)),
        ]

    @property
    def day(self) -> date | None:
        """The day that it is sorted by; None where there is none."""
        return None if self.due_on == NO_DAY else self.due_on


class Step(TenantModel):
    """One thing that somebody did about a case. Append only; the same `once` is the same step."""

    case = TenantForeignKey(Case, models.CASCADE, db_index=False, related_name="steps")
    at = models.DateTimeField(default=clock.business_now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    act = models.CharField(max_length=12)  # told, asked, snoozed, assigned, done, reopened
    text = models.TextField(blank=True)  # a note, a letter
    message = models.UUIDField(null=True)  # that was written to the shopper
    once = models.CharField(max_length=60)  # drawn with the page: a second click carries the same

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "case", "once"], name="one_step")]
        indexes = [models.Index(fields=["merchant", "case", "at"], name="step_by_case")]


class SigningKey(TenantModel):
    """The shop's own key for evidence (Ed25519): made when it is first wanted, kept for as long as what it signed may be checked."""

    sealed = models.BinaryField()
    public = models.CharField(max_length=64)  # hex of 32 bytes
    made_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_signing_key")]

    @property
    def private(self) -> str:
        """Hex of the 32 bytes. Raises crypto.Undecipherable."""
        return crypto.unseal(self.sealed, uuid.UUID(str(self.merchant_id)))


class Asked(TenantModel):
    """An order that was late, or whose shopper asked where it is. When we wrote of the delay is asked of its messages."""

    order = TenantForeignKey(Order, models.CASCADE, db_index=False, related_name="+")
    at = models.DateTimeField(default=clock.business_now)  # of the first of both
    late_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # first
    times = models.PositiveIntegerField(default=0)  # that they asked

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order"], name="one_asked")]
        indexes = [models.Index(fields=["merchant", "at"], name="asked_by_time")]


class Visit(TenantModel):
    """How often an order's page was looked at on a day of UTC, by people as far as that can be known. Nothing is kept of them."""

    order = TenantForeignKey(Order, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    times = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order", "day"], name="one_visit_day")]
        indexes = [models.Index(fields=["merchant", "day"], name="visit_by_day")]


class Contact(TenantModel):
    """A shopper turned to the shop from an order's page: that they did and how, not what they said."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="+")
    what = models.CharField(max_length=12)  # a kind of wish, or "link"
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "at"], name="contact_by_time")]


class Stars(TenantModel):
    """The star that an order's shopper chose last on its page, on the way to the page for reviews: not what they wrote there."""

    order = TenantForeignKey(Order, models.CASCADE, db_index=False, related_name="+")
    stars = models.PositiveSmallIntegerField()  # 1 to 5
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order"], name="one_choice_of_stars")]
        indexes = [models.Index(fields=["merchant", "at"], include=["stars"], name="stars_by_time")]


class UsualOrder(TenantModel):
    """What an order of the shop usually comes to: the median of its newest, by currency, in minor units."""

    currency = models.CharField(max_length=3)  # of the shop's books
    medians = models.JSONField()  # currency -> minor units
    counted_at = models.DateTimeField()
    revalue_after = models.UUIDField(null=True)  # the last case that was valued by these; None: all that wait are

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_usual_order")]
