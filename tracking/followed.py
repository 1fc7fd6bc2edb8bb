"""What other services' clients (docs/compatibility.md) say of a parcel beside what we know of it, and want of it."""

from django.db import models

from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Following(TenantModel):
    """A parcel that was asked for through another service's API. Who the parcel is for stands in its order, not here."""

    shipment = TenantForeignKey("tracking.Shipment", models.CASCADE, db_index=False, related_name="followings")
    made = models.BooleanField()  # the parcel came to us by this; False: a shop or carrier had told of it before
    details = models.JSONField(default=dict)  # title, note, custom fields ...: given back, never read by us
    completed_at = models.DateTimeField(null=True)  # the merchant said how it ended
    retracked_at = models.DateTimeField(null=True)
    retracks = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "shipment"], name="one_following")]
