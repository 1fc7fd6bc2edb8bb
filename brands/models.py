"""Logos that we host, what a shop's own site says about its look, and what the shop made of its tracking page."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class Logo(TenantModel):
    """A small PNG that we drew anew from somebody's picture: nothing of the file that we fetched is kept or served."""

    body = models.BinaryField()
    width = models.PositiveSmallIntegerField()  # pixels
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["made_at"], name="logo_by_age")]


class Reading(models.TextChoices):
    """Where a look at a shop's site stands."""

    ASKED = "asked", "Being read"
    FOUND = "found", "Ready to look at"
    FAILED = "failed", "Could not be read"
    TAKEN = "taken", "Taken over"
    LEFT = "left", "Not wanted"


class Suggestion(TenantModel):
    """A look at a shop's home page: the name, colour and logo that stand there. Nothing holds until somebody takes it over."""

    website = models.URLField(max_length=500)
    state = models.CharField(max_length=6, choices=Reading.choices, default=Reading.ASKED)
    problem = models.CharField(max_length=300, blank=True, default="")  # for the merchant
    name = models.CharField(max_length=80, blank=True, default="")
    accent = models.CharField(max_length=7, blank=True, default="")
    logo = TenantForeignKey(Logo, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.machine_now)
    due_at = models.DateTimeField(default=clock.machine_now)  # while a worker reads: when others may take it for lost
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "-asked_at", "-id"], name="suggestion_newest"),
            models.Index(fields=["due_at"], name="suggestion_due", condition=models.Q(state=Reading.ASKED)),
        ]

    def __str__(self) -> str:
        return self.website


class PageDesign(TenantModel):
    """A shop's tracking page: one, with a draft and the version that shoppers see."""

    draft = models.JSONField()  # brands/page/content.py gives its form
    live = TenantForeignKey("PageVersion", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_page_design")]


class PageVersion(TenantModel):
    """The page as it was published. Immutable."""

    design = TenantForeignKey(PageDesign, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "design", "number"], name="page_version")]
