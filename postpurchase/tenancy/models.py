"""People, merchants and their brands, who may do what, and API keys."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.base import TenantModel


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
    handling_days = models.PositiveSmallIntegerField(default=1)  # working days from order to hand-over to the carrier
    transit_days_min = models.PositiveSmallIntegerField(default=2)  # working days in transit, used where nobody promised a date
    transit_days_max = models.PositiveSmallIntegerField(default=5)
    version = models.PositiveIntegerField(default=1)  # part of every cached page's key

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["portal_host"], name="brand_by_host", condition=~models.Q(portal_host=""))]

    def __str__(self) -> str:
        return self.name


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
    created_at = models.DateTimeField(default=clock.machine_now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "digest"], name="one_api_key")]
        indexes = [models.Index(fields=["digest"], name="api_key_by_digest")]


class RateCount(models.Model):
    """How often something happened in one window; global, because attempts come before any merchant is known."""

    key = models.BinaryField(primary_key=True)
    hits = models.IntegerField(default=1)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="rate_count_by_end")]
