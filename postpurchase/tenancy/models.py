"""People, merchants and their brands, who may do what, API keys, and the log of what was done."""

from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.base import MerchantKey, TenantForeignKey, TenantModel

DELETED = "@deleted.invalid"  # how the addresses of deleted accounts end


class UserManager(BaseUserManager["User"]):
    """Users are found by email, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this email address. Raises User.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who logs in with `email`, kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        # Made by hand, by an invitation or a command: whoever did so vouches for the address. Sign-up makes its own, not yet confirmed.
        apps.get_model("account", "EmailAddress").objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator of the whole platform."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in; global, as one person may work for several merchants."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    theme = models.CharField(max_length=8, choices=[("system", "Same as system"), ("light", "Light"), ("dark", "Dark")], default="system")
    shortcuts = models.BooleanField(default=True)  # keys of one letter act on the dashboard (WCAG 2.1.4: can be switched off)
    language = models.CharField(max_length=8, blank=True, default="", db_default="")  # of the dashboard; '' is what the browser asks for
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.machine_now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Merchant(models.Model):
    """A shop that uses the platform: the tenant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    created_at = models.DateTimeField(default=clock.machine_now)
    closed_at = models.DateTimeField(null=True, blank=True)
    two_factor_for_owners = models.BooleanField(default=False)  # owners without a second factor get no further than to set one up
    first_steps_closed_at = models.DateTimeField(null=True, blank=True)  # the checklist on home was put away

    def __str__(self) -> str:
        return self.name


HEX_COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six hex digits, for example #0f766e."))


class CountOpens(models.TextChoices):
    """Where it is counted that a mail was opened. Europe wants to be asked first."""

    NOWHERE = "nowhere", _("Nowhere")
    OUTSIDE_EUROPE = "outside", _("Outside Europe")
    EVERYWHERE = "everywhere", _("Everywhere")


class Brand(TenantModel):
    """How a merchant looks and speaks to shoppers: on the tracking page and in every message."""

    name = models.CharField(max_length=80)
    logo_url = models.URLField(blank=True)
    accent = models.CharField(max_length=7, default="#0f766e", validators=[HEX_COLOUR])
    surface = models.CharField(max_length=7, default="#faf9f6", validators=[HEX_COLOUR])
    locale = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, default="UTC")
    website = models.URLField(blank=True)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    support_url = models.URLField(blank=True)
    postal_address = models.CharField(max_length=300, blank=True)
    return_policy = models.CharField(max_length=600, blank=True)
    return_policy_url = models.URLField(blank=True)
    review_url = models.URLField(blank=True)
    guide_title = models.CharField(max_length=120, blank=True)
    guide_text = models.CharField(max_length=400, blank=True)
    guide_url = models.URLField(blank=True)
    sender_name = models.CharField(max_length=78, blank=True)
    sender_email = models.EmailField(blank=True)
    portal_host = models.CharField(max_length=253, blank=True)
    count_clicks = models.BooleanField(default=True, db_default=True)
    count_opens = models.CharField(
        max_length=10, choices=CountOpens.choices, default=CountOpens.OUTSIDE_EUROPE, db_default=CountOpens.OUTSIDE_EUROPE
    )
    handling_days = models.PositiveSmallIntegerField(default=1)  # working days from order to hand-over to the carrier
    transit_days_min = models.PositiveSmallIntegerField(default=2)  # working days in transit, used where nobody promised a date
    transit_days_max = models.PositiveSmallIntegerField(default=5)
    estimates_first = models.CharField(  # whose day of arrival is shown where both are known
        max_length=8, choices=[("carrier", _("The carrier’s")), ("ours", _("Ours"))], default="carrier", db_default="carrier"
    )
    version = models.PositiveIntegerField(default=1)  # part of every cached page's key

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["portal_host"], name="brand_by_host", condition=~models.Q(portal_host=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def portal_url(self) -> str:
        """Where the portal answers, without a slash at the end: the merchant's own host once it was proved, else ours."""
        return _at_host(settings.BASE_URL, self.portal_host) if self.portal_host else settings.BASE_URL


@lru_cache(maxsize=1024)
def _at_host(base: str, host: str) -> str:
    ours = urlsplit(base)
    port = f":{ours.port}" if ours.port else ""
    return f"{ours.scheme}://{host}{port}"


class Role(models.TextChoices):
    """What a member may do. Each role may do all that the next one may."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    AGENT = "agent", _("Agent")
    VIEWER = "viewer", _("Viewer")


class Membership(TenantModel):
    """A person's place in a merchant's team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "user"], name="one_membership")]


class Invitation(TenantModel):
    """Somebody is asked to join the team. The link in the mail is signed; what it opens is decided by this row."""

    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.machine_now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "email"],
                name="one_open_invitation",
                condition=models.Q(accepted_at=None, revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email


class ApiKey(TenantModel):
    """A key to the API. The key itself is shown once; here stands its SHA-256."""

    label = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16)
    digest = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=32))
    live = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.business_now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)  # another key has taken its place; until then it opens too
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "digest"], name="one_api_key")]
        indexes = [
            models.Index(fields=["digest"], name="api_key_by_digest"),
            models.Index(fields=["merchant", "-created_at", "-id"], name="api_key_newest"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def ended(self) -> bool:
        """Whether it opens nothing any more."""
        return bool(self.revoked_at or (self.ends_at and self.ends_at <= clock.machine_now()))


class RateCount(models.Model):
    """How often something happened in one window; global, because attempts come before any merchant is known."""

    key = models.BinaryField(primary_key=True)
    hits = models.IntegerField(default=1)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="rate_count_by_end")]


class AuditEntry(TenantModel):
    """Somebody did something. Never changed and never removed: PostgreSQL refuses both to everybody, and the hashes form a chain.

    No entry holds a person's name or address: people stand here by their number and are named when it is read (docs/audit.md).
    """

    merchant = MerchantKey(editable=False, on_delete=models.DO_NOTHING)  # a merchant with a log cannot be deleted, only closed
    number = models.BigIntegerField()  # 1, 2, 3 of the merchant: a gap is a fault
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)  # person:12, key_01j9..., system
    act = models.CharField(max_length=40)  # webhook.changed
    subject = models.CharField(max_length=60, blank=True)  # whe_01j9..., person:12, or nothing
    words = models.CharField(max_length=200, blank=True)  # what the subject was called then
    changes = models.JSONField(default=dict)  # field -> [before, after]
    origin = models.BinaryField()  # SHA-256 of salt and address, which AuditOrigin keeps as long as it may; empty for none
    request_id = models.CharField(max_length=100, blank=True)
    hash = models.BinaryField()  # SHA-256 of all of this and of the hash before

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "number"], name="one_audit_number")]
        indexes = [
            models.Index(fields=["merchant", "at"], name="audit_by_time"),
            models.Index(fields=["merchant", "actor", "number"], name="audit_by_actor"),
            models.Index(fields=["merchant", "act", "number"], name="audit_by_act"),
            models.Index(fields=["merchant", "subject", "number"], name="audit_by_subject"),
        ]


class AuditOrigin(TenantModel):
    """The address that an act came from: beside the log, so that it can be forgotten without breaking the chain."""

    entry = TenantForeignKey(AuditEntry, models.RESTRICT, db_index=False, related_name="origins")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    salt = models.BinaryField()
    address = models.CharField(max_length=45)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "entry"], name="one_audit_origin")]


class AuditCheck(TenantModel):
    """When a merchant's log was last read through, and what was found."""

    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    entries = models.BigIntegerField(default=0)
    since = models.DateTimeField(null=True)  # the first entry
    broken_at = models.BigIntegerField(null=True)  # the number of the first entry that is not what it was
    head = models.BinaryField(default=bytes)  # the hash of the last one

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_audit_check")]
        indexes = [models.Index(fields=["asked_at"], name="audit_check_by_age")]


class UsageDay(TenantModel):
    """How many rows of a kind came in on a day (UTC). Rolled up, because counting a million rows is no page's work."""

    day = models.DateField()
    what = models.CharField(max_length=20)
    count = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "day", "what"], name="one_usage_day")]
        indexes = [models.Index(fields=["counted_at"], name="usage_by_count")]
