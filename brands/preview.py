"""A look that is not kept yet, signed into an address: a frame asks for it, and nobody else can make one up."""

from typing import Any

from django.core import signing

from postpurchase.tenancy.models import Brand

SALT, LASTS = "look", 3600  # seconds
SHOWN = (
    "name", "logo_url", "accent", "surface", "website", "support_email", "support_phone", "support_url", "return_policy_url",
    "postal_address", "locale", "time_zone",
)  # fmt: skip


def token(brand: Brand) -> str:
    """For an address; it holds for an hour."""
    return signing.dumps({name: getattr(brand, name) for name in SHOWN}, salt=SALT, compress=True)


def brand_of(text: str) -> Brand | None:
    """The brand as it would be, unsaved; None for what we have not signed, or long ago."""
    try:
        told: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Brand(**told)
