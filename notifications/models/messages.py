"""Messages: what waits, what went, each try, how they read, and what providers report of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.flows import Enrolment, Flow
from orders.models import Customer, Order
from postpurchase.lib import clock
from postpurchase.lib.states import Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from tracking.models import Shipment


class Stream(models.TextChoices):
    """Transactional: about the order, needs no consent. Marketing: needs it, and carries a way out."""

    TRANSACTIONAL = "transactional", _("Order messages")
    MARKETING = "marketing", _("News and requests")


class Channel(models.TextChoices):
    """How a message reaches the person: its address is an email address, or a telephone number in E.164."""

    EMAIL = "email", _("Email")
    SMS = "sms", "SMS"


class Guarantee(models.TextChoices):
    """What happens when the mail server's answer was lost. See docs/sending.md."""

    AT_MOST_ONCE = "amo", _("At most once")
    AT_LEAST_ONCE = "alo", _("At least once")
    KEYED = "key", _("Once, by the provider's key")


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
    State.CLAIMED: frozenset({State.DUE, State.HANDING, State.SKIPPED, State.EXPIRED, State.FAILED, State.CANCELLED, State.HELD}),
    State.HANDING: frozenset({State.DUE, State.SENT, State.UNKNOWN, State.FAILED}),
    State.UNKNOWN: frozenset({State.SENT, State.DUE, State.FAILED}),
    State.FAILED: frozenset({State.DUE}),
    State.SKIPPED: frozenset(),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.HELD: frozenset({State.DUE, State.CANCELLED}),
}


PAUSED = "sending_paused"  # the reason of messages that rest because their merchant's marketing does


class Message(TenantModel):
    """One message to one person: the only schedule there is. Deleting the broker loses none."""

    enrolment = TenantForeignKey(Enrolment, models.CASCADE, null=True, related_name="messages")
    flow = TenantForeignKey(Flow, models.SET_NULL, null=True, related_name="+")
    node = models.CharField(max_length=40, blank=True)
    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="messages", db_index=False)
    shipment = TenantForeignKey(Shipment, models.CASCADE, null=True, related_name="+")
    customer = TenantForeignKey(Customer, models.SET_NULL, null=True, related_name="messages")
    template = models.CharField(max_length=40)
    design_version = models.PositiveIntegerField(null=True)  # the number of the design's version that it was drawn with
    stream = models.CharField(max_length=13, choices=Stream.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL, db_default=Channel.EMAIL)
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
    put_off = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))  # [{at, until, why}]: deferred by the arbiter
    priority = models.PositiveSmallIntegerField(default=5, db_default=5)  # 9 before 0, where a person's cap has room for one
    slot_at = models.DateTimeField(null=True)  # when it took one of the person's slots for marketing
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
            models.Index(fields=["merchant", "to_address", "-slot_at"], name="message_slots", condition=models.Q(slot_at__isnull=False)),
            models.Index(fields=["merchant", "to_address"], name="message_by_phone", condition=models.Q(channel=Channel.SMS)),
            models.Index(
                fields=["merchant", "state"],
                name="message_needs_eye",
                condition=models.Q(state__in=[State.UNKNOWN, State.FAILED]),
            ),
            models.Index(  # results of a flow are asked of the index alone
                fields=["merchant", "flow", "sent_at"],
                include=["id", "node", "channel"],
                name="message_results",
                condition=models.Q(state=State.SENT, test=False, flow__isnull=False),
            ),
            models.Index(fields=["merchant"], name="message_at_rest", condition=models.Q(state=State.HELD, reason=PAUSED)),
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


class ProviderEvent(TenantModel):
    """What a mail provider told us of a message, once per event id."""

    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    hard = models.BooleanField(default=False, db_default=False)  # a bounce for good, or a complaint: what rates are counted of
    message = TenantForeignKey(Message, models.CASCADE, null=True, related_name="provider_events")
    received_at = models.DateTimeField(default=clock.machine_now)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "event_id"], name="one_provider_event")]
        indexes = [models.Index(fields=["merchant", "received_at"], name="provider_event_hard", condition=models.Q(hard=True))]
