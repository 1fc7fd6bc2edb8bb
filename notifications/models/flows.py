"""Flows, their versions, who is in them, and why each visit to a step ended as it did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from tracking.models import Shipment


class Flow(TenantModel):
    """A reason to write to shoppers: a trigger and steps. What runs is its live version."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200, blank=True)
    enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    live = TenantForeignKey("FlowVersion", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.business_now)
    draft = models.JSONField(null=True)  # a definition that is being worked on; it may have faults
    draft_revision = models.PositiveIntegerField(default=0, db_default=0)  # two who edit at once: the second is told
    draft_saved_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "key"], name="flow_key")]

    def __str__(self) -> str:
        return self.name


class InFlight(models.TextChoices):
    """What becomes, when a version is published, of those who are in the one before it."""

    FINISH = "finish", _("They finish the old version")
    MIGRATE = "migrate", _("They go on in the new version, from the step where they are")
    CANCEL = "cancel", _("They leave the flow")


class FlowVersion(TenantModel):
    """A flow's definition as it was published. Immutable."""

    flow = TenantForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # notifications/definition.py gives its form
    published_at = models.DateTimeField(default=clock.business_now)
    in_flight = models.CharField(max_length=8, choices=InFlight.choices, default=InFlight.FINISH, db_default=InFlight.FINISH)
    settled_at = models.DateTimeField(null=True)  # when those in older versions had been dealt with, where they do not finish

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "flow", "number"], name="flow_version")]


class Enrolment(TenantModel):
    """An order or a parcel inside a flow: once per flow and subject."""

    ACTIVE, FINISHED, LEFT = "active", "finished", "left"

    flow = TenantForeignKey(Flow, models.CASCADE, related_name="enrolments", db_index=False)
    version = TenantForeignKey(FlowVersion, models.RESTRICT, related_name="+")
    subject = models.UUIDField()  # the order's or the shipment's id, as the flow's key says
    order = TenantForeignKey(Order, models.CASCADE, related_name="enrolments", db_index=False)
    shipment = TenantForeignKey(Shipment, models.CASCADE, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.business_now)
    trigger_at = models.DateTimeField()  # when the fact that triggered it became true
    node = models.CharField(max_length=40, blank=True)  # the step it waits at
    state = models.CharField(max_length=8, default=ACTIVE)
    left_because = models.CharField(max_length=80, blank=True)
    wake_at = models.DateTimeField(null=True)  # business time at which a step without a message goes on

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "flow", "subject"], name="one_enrolment")]
        indexes = [
            models.Index(fields=["merchant", "order"], name="enrolment_by_order"),
            models.Index(
                fields=["merchant", "wake_at"], name="enrolment_to_wake", condition=models.Q(state="active", wake_at__isnull=False)
            ),
            models.Index(fields=["merchant", "flow"], name="enrolment_in_flight", condition=models.Q(state="active")),
        ]


FORKED = ("arm", "branch", "happened", "timeout")  # verdicts of steps from which ways part


class Decision(TenantModel):
    """Why a visit to a step ended as it did: one row per enrolment and node. Append only."""

    enrolment = TenantForeignKey(Enrolment, models.CASCADE, related_name="decisions", db_index=False)
    node = models.CharField(max_length=40)
    message = TenantForeignKey("Message", models.CASCADE, null=True, related_name="decisions")
    verdict = models.CharField(max_length=10)  # of a message: send, skip, cancel, expire, fail; of another step: see notifications/walk.py
    reason = models.CharField(max_length=80, blank=True, default="")  # why; the way that was taken at a fork
    checks = models.JSONField(default=list)  # [{check, passed, detail, at}]
    decided_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "enrolment", "node"], name="one_decision")]
        indexes = [  # who went which way at a fork
            models.Index(
                fields=["merchant", "node", "decided_at"],
                include=["enrolment", "reason"],
                name="decision_of_forks",
                condition=models.Q(verdict__in=FORKED),
            )
        ]
