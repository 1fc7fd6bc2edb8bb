"""A look that is not kept yet, signed into an address: a frame asks for it, and nobody else can make one up."""

from typing import Any

from django.core import signing

from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand

SIGNER = signing.Signer(salt="look")
SHOWN = (
    "name", "logo_url", "accent", "surface", "website", "support_email", "support_phone", "support_url", "return_policy_url",
    "postal_address", "locale", "time_zone",
)  # fmt: skip


def token(brand: Brand) -> str:
    """For an address; it holds today and tomorrow. The same look has the same address for a day: a frame need not be drawn again."""
    told = {name: getattr(brand, name) for name in SHOWN}
    return SIGNER.sign_object(told | {"day": _today()}, compress=True)


def brand_of(text: str) -> Brand | None:
    """The brand as it would be, unsaved; None for what we have not signed, or long ago."""
    try:
        told: dict[str, Any] = SIGNER.unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    return Brand(**told) if 0 <= _today() - told.pop("day") <= 1 else None


def _today() -> int:
    return clock.machine_now().toordinal()
