"""Filters kept under a name, acts on many rows, and the rows on which an act was refused."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from postpurchase.tenancy.models import User
from transfers.models import Leased, Standing, Subject


class SavedFilter(TenantModel):
    """The address of a list under a name: one person's own, or the whole team's where it has no person."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=12, choices=Subject.choices)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True)  # behind the question mark
    created_at = models.DateTimeField(default=clock.business_now)
    removed_at = models.DateTimeField(null=True)  # may be brought back for a while

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "subject", "user", "name"],
                name="one_saved_filter",
                condition=models.Q(removed_at=None),
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["removed_at"], name="saved_filter_to_forget", condition=~models.Q(removed_at=None))]

    def __str__(self) -> str:
        return self.name


class Job(Leased):
    """An act on every row that a list's address finds, a batch at a time. Each batch and its progress are one transaction."""

    subject = models.CharField(max_length=12, choices=Subject.choices)
    act = models.CharField(max_length=20)  # a key of bulk.acts.ACTS
    query = models.TextField(blank=True)  # behind the question mark; picked rows stand in it as well
    once = models.CharField(max_length=60)  # drawn with the page that asked: a second click is the same job
    state = models.CharField(max_length=9, choices=Standing.choices, default=Standing.RUNNING)
    total = models.PositiveIntegerField(default=0)  # rows found when it was asked for
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=500, blank=True, default="")  # where the next batch begins

    class Meta(Leased.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "once"], name="one_job")]
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="job_newest"),
            models.Index(fields=["lease_until"], name="job_working", condition=models.Q(state=Standing.RUNNING)),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.subject}"

    @property
    def share(self) -> int:
        """Per cent that is done; rows may have come or gone since they were counted."""
        return min(100, (self.done + self.refused) * 100 // self.total) if self.total else 0


class Refusal(TenantModel):
    """A row on which the act could not be done, and why."""

    job = TenantForeignKey(Job, models.CASCADE, db_index=False, related_name="refusals")
    row = models.UUIDField()  # of the table that the job's subject names
    name = models.CharField(max_length=120)  # what people call the row
    reason = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "job", "row"], name="one_refusal")]
        indexes = [models.Index(fields=["merchant", "job", "id"], name="refusal_by_job")]
