"""The table of pick-up points that a shop offers."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantModel
from postpurchase.ui import addresses


class PickupPoint(TenantModel):
    """A place where parcels can be collected. `near` is its postcode as it is compared: what begins alike stands together in the index.

    So the nearest are read off beside the shopper's own, however many there are.
    """

    name = models.CharField(max_length=80)
    carrier = models.CharField(max_length=40, blank=True)  # a code of integrations.carriers.directory; '' for any
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    hours = models.CharField(max_length=120, blank=True)  # in the shop's words
    on = models.BooleanField(default=True, db_column="offered")  # "on" is a word of SQL
    near = models.CharField(max_length=16, blank=True, db_collation="C")
    added_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "country", "near", "name", "street", "carrier"], name="one_pickup_point"),
        ]
        indexes = [
            models.Index(fields=["merchant", "-added_at", "-id"], name="pickup_point_newest"),
            models.Index(fields=["merchant", "country", "near", "id"], name="pickup_point_near", condition=models.Q(on=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Its street and town on one line, by the customs of its country."""
        told = {"line1": self.street, "postcode": self.postcode, "city": self.city, "country": self.country}
        return ", ".join(addresses.lines(told, ""))
