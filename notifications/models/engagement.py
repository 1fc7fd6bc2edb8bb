"""What people did with a message: where its links lead, and who opened or clicked."""

from django.db import models

from notifications.models.messages import Message
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Link(TenantModel):
    """Where the links of a message lead, as they were when it was sent. The last byte of the id is 0: a link's token is the id with the
    link's place in that byte, enciphered, so that one row serves all and no other token leads anywhere.
    """

    message = TenantForeignKey(Message, models.CASCADE, related_name="links")
    targets = models.JSONField()  # [url, ...]


class Act(models.TextChoices):
    """What was done."""

    OPEN = "open", "Opened"
    CLICK = "click", "Clicked"
    LEAVE = "leave", "Unsubscribed"


class Engagement(TenantModel):
    """One opening, click or way out. `machine`: nobody meant it, and `why` says how that is known."""

    message = TenantForeignKey(Message, models.CASCADE, related_name="engagements", db_index=False)
    kind = models.CharField(max_length=5, choices=Act.choices)
    place = models.PositiveSmallIntegerField(default=0)  # of the link among the message's
    at = models.DateTimeField(default=clock.business_now)
    machine = models.BooleanField(default=False)
    why = models.CharField(max_length=20, blank=True, default="")
    hour = models.PositiveSmallIntegerField(null=True)  # of a person's click, on the clock where the parcel went
    agent = models.CharField(max_length=200, blank=True, default="")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "message", "at"], name="engagement_of_message"),
            models.Index(fields=["merchant", "message", "kind"], name="engagement_of_people", condition=models.Q(machine=False)),
            models.Index(
                fields=["merchant", "at"], include=["message", "kind"], name="engagement_touches", condition=models.Q(machine=False)
            ),
            models.Index(fields=["merchant", "at", "hour"], name="engagement_hours", condition=models.Q(machine=False, hour__isnull=False)),
        ]
