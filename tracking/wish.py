"""What a shopper asks for on the way: where to leave it, when to come, another address, or "it has not arrived"."""

from django.db import models

from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Wish(TenantModel):
    """One for each kind and order: asked again, it says the new. The shop is told; nothing is promised until it has answered."""

    class Kind(models.TextChoices):
        """What is asked for."""

        INSTRUCTIONS = "instructions", "A note for the courier"
        DAY = "day", "Another day"
        SAFE_PLACE = "safe_place", "Leave it in a safe place"
        NEIGHBOUR = "neighbour", "Give it to a neighbour"
        PICKUP = "pickup", "Leave it at a pick-up point"
        MISSING = "missing", "It has not arrived"
        ADDRESS = "address", "Another address"

    class State(models.TextChoices):
        """What the shop says to it."""

        ASKED = "asked", "Waits for you"
        ACCEPTED = "accepted", "Done"
        DECLINED = "declined", "Not possible"

    order = TenantForeignKey(Order, models.CASCADE, related_name="wishes", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=500, blank=True)  # the shopper's own words: they may name a person
    day = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=clock.business_now)
    settled_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order", "kind"], name="one_wish_of_a_kind")]
        indexes = [models.Index(fields=["merchant", "state", "-asked_at", "-id"], name="wish_newest")]
