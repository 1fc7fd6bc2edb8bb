"""A merchant's own rules of writing: who must confirm, who may be written to as a customer, and whether sending rests."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from postpurchase.tenancy.base import TenantModel


class Confirm(models.TextChoices):
    """Where a tick at checkout counts only once it was confirmed by mail."""

    USUAL = "usual", _("Where courts ask for it")
    ALWAYS = "always", _("Everywhere")
    LISTED = "listed", _("In the countries listed here")
    NEVER = "never", _("Nowhere: the shop asks by itself")


class MessagingRules(TenantModel):
    """One row per merchant, made when somebody first changes something; until then the defaults hold (notifications/rules.py)."""

    confirm = models.CharField(max_length=8, choices=Confirm.choices, default=Confirm.USUAL)
    confirm_in = ArrayField(models.CharField(max_length=2), default=list)  # countries, where `confirm` is "listed"
    soft_opt_in = ArrayField(models.CharField(max_length=13), default=list)  # groups of countries (notifications/countries.py)

    # Marketing to one person and channel: a bucket of `cap` that fills again within `cap_days`; what finds it empty waits.
    cap = models.PositiveSmallIntegerField(default=3, db_default=3)
    cap_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    quiet_transactional = models.BooleanField(default=False, db_default=False)  # order messages keep quiet hours too

    # Of the last count, over at most seven days (notifications/rates.py).
    counted_at = models.DateTimeField(null=True)
    sent = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)
    complained = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_for = models.CharField(max_length=10, blank=True, default="")  # bounces or complaints
    resumed_at = models.DateTimeField(null=True)  # what was sent before it is not counted any more

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_rules")]
