"""Flows and their versions, who is in them, the messages that wait or went, and whom we may write to."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Customer, Order
from postpurchase.lib import clock
from postpurchase.lib.states import Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from tracking.models import Shipment


class Stream(models.TextChoices):
    """Transactional: about the order, needs no consent. Marketing: needs it, and carries a way out."""

    TRANSACTIONAL = "transactional", _("Order messages")
    MARKETING = "marketing", _("News and requests")


class Guarantee(models.TextChoices):
    """What happens when the mail server's answer was lost. See docs/sending.md."""

    AT_MOST_ONCE = "amo", _("At most once")
    AT_LEAST_ONCE = "alo", _("At least once")
    KEYED = "key", _("Once, by the provider's key")


class Flow(TenantModel):
    """A reason to write to shoppers: a trigger and steps. What runs is its live version."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200, blank=True)
    enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    live = TenantForeignKey("FlowVersion", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "key"], name="flow_key")]

    def __str__(self) -> str:
        return self.name


class FlowVersion(TenantModel):
    """A flow's definition as it was published. Immutable: people in it finish by it."""

    flow = TenantForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # notifications/definition.py gives its form
    published_at = models.DateTimeField(default=clock.business_now)

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

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "flow", "subject"], name="one_enrolment")]
        indexes = [models.Index(fields=["merchant", "order"], name="enrolment_by_order")]


class State(models.TextChoices):
    """Where a message stands. `unknown` is in doubt: handed to the server, whose answer was lost. `held`: planned, and held back."""

    DUE = "due", _("Planned")
    CLAIMED = "claimed", _("Being prepared")
    HANDING = "handing", _("Being handed over")
    SENT = "sent", _("Sent")
    UNKNOWN = "unknown", _("In doubt")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not sent")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Too late to be useful")
    HELD = "held", _("Held back")


MOVES: Moves = {
    State.DUE: frozenset({State.CLAIMED, State.CANCELLED, State.SKIPPED, State.HELD}),
    State.CLAIMED: frozenset({State.DUE, State.HANDING, State.SKIPPED, State.EXPIRED, State.FAILED, State.CANCELLED}),
    State.HANDING: frozenset({State.DUE, State.SENT, State.UNKNOWN, State.FAILED}),
    State.UNKNOWN: frozenset({State.SENT, State.DUE, State.FAILED}),
    State.FAILED: frozenset({State.DUE}),
    State.SKIPPED: frozenset(),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.HELD: frozenset({State.DUE, State.CANCELLED}),
}


class Message(TenantModel):
    """One message to one person: the only schedule there is. Deleting the broker loses none."""

    enrolment = TenantForeignKey(Enrolment, models.CASCADE, null=True, related_name="messages")
    flow = TenantForeignKey(Flow, models.SET_NULL, null=True, related_name="+")
    node = models.CharField(max_length=40, blank=True)
    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="messages", db_index=False)
    shipment = TenantForeignKey(Shipment, models.CASCADE, null=True, related_name="+")
    customer = TenantForeignKey(Customer, models.SET_NULL, null=True, related_name="messages")
    template = models.CharField(max_length=40)
    stream = models.CharField(max_length=13, choices=Stream.choices)
    guarantee = models.CharField(max_length=3, choices=Guarantee.choices, default=Guarantee.AT_MOST_ONCE)
    to_address = models.CharField(max_length=254)
    locale = models.CharField(max_length=20, default="en")
    context = models.JSONField(default=dict)  # what the template needs beyond the order (a code, a note)
    dedupe_key = models.CharField(max_length=160)  # never contains wall-clock time
    test = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=clock.business_now)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # useless after this
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    reason = models.CharField(max_length=80, blank=True, default="")  # why it was skipped, cancelled or failed
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=300, blank=True, default="")  # as rendered
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=200, blank=True, default="")
    error = models.CharField(max_length=500, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "dedupe_key"], name="one_message")]
        indexes = [
            models.Index(fields=["merchant", "due_at"], name="message_due", condition=models.Q(state=State.DUE)),
            models.Index(fields=["lease_until"], name="message_leased", condition=models.Q(state__in=[State.CLAIMED, State.HANDING])),
            models.Index(fields=["merchant", "-created_at", "-id"], name="message_newest"),
            models.Index(fields=["merchant", "-due_at", "-id"], name="message_by_due"),  # the dashboard's lists
            models.Index(fields=["merchant", "order"], name="message_by_order"),
            models.Index(
                fields=["merchant", "state"],
                name="message_needs_eye",
                condition=models.Q(state__in=[State.UNKNOWN, State.FAILED]),
            ),
        ]

    def message_id(self, domain: str) -> str:
        """The RFC 5322 Message-ID, the same on every attempt, so that a receiver can tell a repeat."""
        return f"<{self.pk}@{domain}>"


class MessageBody(TenantModel):
    """What was sent, compressed; forgotten after 90 days."""

    message = TenantForeignKey(Message, models.CASCADE, related_name="bodies", db_index=False)
    html = models.BinaryField()
    text = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "message"], name="one_body")]


class Attempt(TenantModel):
    """One try to hand a message over. Append only."""

    message = TenantForeignKey(Message, models.CASCADE, related_name="tries", db_index=False)
    number = models.PositiveSmallIntegerField()
    token = models.UUIDField(default=uuid.uuid4)  # the lease it ran under
    started_at = models.DateTimeField(default=clock.machine_now)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="handing")  # handing, sent, refused, later, lost
    reply = models.CharField(max_length=300, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "message", "number"], name="one_attempt")]


class Decision(TenantModel):
    """Why a visit to a step ended as it did: one row per enrolment and node. Append only."""

    enrolment = TenantForeignKey(Enrolment, models.CASCADE, related_name="decisions", db_index=False)
    node = models.CharField(max_length=40)
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="decisions")
    verdict = models.CharField(max_length=10)  # send, skip, cancel, expire, fail
    reason = models.CharField(max_length=80, blank=True, default="")
    checks = models.JSONField(default=list)  # [{check, passed, detail, at}]
    decided_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "enrolment", "node"], name="one_decision")]


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


class ProviderEvent(TenantModel):
    """What a mail provider told us of a message, once per event id."""

    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="provider_events")
    received_at = models.DateTimeField(default=clock.machine_now)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "event_id"], name="one_provider_event")]
