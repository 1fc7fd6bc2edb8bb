"""The draft of a page, signed into an address: a frame asks for it. The address says whose draft and which variant, not what is in it."""

from typing import NamedTuple
from uuid import UUID

from django.core import signing

from postpurchase.lib import clock

SIGNER = signing.Signer(salt="page-draft")


class Asked(NamedTuple):
    """Which draft a frame shows."""

    merchant_id: UUID
    variant: str
    language: str


def token(asked: Asked) -> str:
    """For an address; it holds today and tomorrow."""
    return SIGNER.sign_object([str(asked.merchant_id), asked.variant, asked.language, clock.machine_now().toordinal()], compress=True)


def asked(text: str) -> Asked | None:
    """What was signed; None for what we have not signed, or long ago."""
    try:
        merchant, variant, language, day = SIGNER.unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    return Asked(UUID(merchant), variant, language) if 0 <= clock.machine_now().toordinal() - day <= 1 else None
