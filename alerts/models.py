"""What each person wants to be told, the channel of the team, and what is piled up for the next mail to each."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from postpurchase.lib import clock, crypto
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from postpurchase.tenancy.models import Membership


class Choice(TenantModel):
    """What somebody on the team wants to hear of. Who has chosen nothing has what fits their role (alerts/kinds.py)."""

    member = TenantForeignKey(Membership, models.CASCADE, db_index=False, related_name="+")
    at_once = ArrayField(models.CharField(max_length=20), default=list)
    daily = ArrayField(models.CharField(max_length=20), default=list)
    time_zone = models.CharField(max_length=40)  # of the person: when her day begins

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "member"], name="one_choice")]


class Channel(TenantModel):
    """Where the whole team is told: an incoming webhook of its chat. The address is a secret: who knows it can write there."""

    sealed = models.BinaryField()
    host = models.CharField(max_length=253)  # what of the address may be shown
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    made_at = models.DateTimeField(default=clock.machine_now)
    last_success_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_channel")]

    def __str__(self) -> str:
        return self.host

    def set_url(self, url: str, host: str) -> None:
        """Seal the address; the caller saves."""
        self.sealed, self.host = crypto.seal(url, uuid.UUID(str(self.merchant_id))), host

    @property
    def url(self) -> str:
        """The address. Raises crypto.Undecipherable."""
        return crypto.unseal(self.sealed, uuid.UUID(str(self.merchant_id)))


class Pile(TenantModel):
    """What has happened of one kind since a person, or the channel, was last told. One row however much happens: no flood."""

    member = TenantForeignKey(Membership, models.CASCADE, null=True, db_index=False, related_name="+")
    channel = TenantForeignKey(Channel, models.CASCADE, null=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)
    first = models.JSONField(default=list)  # [row, order] ids of the first few
    due_at = models.DateTimeField(null=True)  # None: nothing is piled up
    told_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "member", "kind"], name="one_pile_of_a_person", condition=~models.Q(member=None)),
            models.UniqueConstraint(
                fields=["merchant", "channel", "kind"], name="one_pile_of_a_channel", condition=~models.Q(channel=None)
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="pile_due", condition=~models.Q(due_at=None))]
