"""Emails that merchants design: a draft that changes, and versions that never do."""

from django.db import models

from notifications.models.messages import Stream
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class EmailDesign(TenantModel):
    """An email of the merchant's own. A flow names it as design:<key>; what is sent is its live version."""

    key = models.SlugField(max_length=30)
    name = models.CharField(max_length=80)
    stream = models.CharField(max_length=13, choices=Stream.choices, default=Stream.TRANSACTIONAL)  # what it is written for
    base = models.CharField(max_length=40, blank=True)  # the built-in email that it began as
    draft = models.JSONField()  # notifications/designs/content.py gives its form
    live = TenantForeignKey("EmailDesignVersion", models.SET_NULL, null=True, related_name="+")
    links = models.JSONField(default=dict)  # {checked_at, dead: [[url, what it said]]}: what calling its links came to
    links_due_at = models.DateTimeField(null=True)  # when they are to be called
    created_at = models.DateTimeField(default=clock.business_now)
    changed_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "key"], name="design_key")]
        indexes = [
            models.Index(fields=["merchant", "-changed_at", "-id"], name="design_newest"),
            models.Index(fields=["links_due_at"], name="design_links_due", condition=models.Q(links_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def template(self) -> str:
        """What Message.template and a flow's step call it."""
        return f"{PREFIX}{self.key}"


class EmailDesignVersion(TenantModel):
    """A design as it was published. Immutable: messages name it by its number."""

    design = TenantForeignKey(EmailDesign, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    published_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "design", "number"], name="design_version")]


PREFIX = "design:"


def key_of(template: str) -> str:
    """The key of the design that a template's name means; '' for a built-in email."""
    return template.removeprefix(PREFIX) if template.startswith(PREFIX) else ""
