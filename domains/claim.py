"""What people do with names: enter one, have it checked, remove it."""

import base64

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import IntegrityError, transaction
from django.db.models import F

from domains import names
from domains.models import Domain, Kind, State
from domains.names import Unfit
from postpurchase.lib import clock, ids
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Brand

BITS = 2048  # of a DKIM key: what every mail server takes, and the least that is safe (RFC 8301)
FIT = {Kind.PORTAL: names.portal_host, Kind.SENDING: names.sending_domain}


def add(kind: Kind, text: str) -> Domain:
    """A name of the merchant in scope, still to be proved; a sending domain gets its keys. Raises Unfit."""
    row = Domain(kind=kind, name=FIT[kind](text), token=ids.random_token())
    row.merchant_id = scope.merchant_id()
    if kind == Kind.SENDING:
        _make_keys(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Unfit("There is one already: remove it first.") from None
    return row


def _make_keys(row: Domain) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    row.selector = f"pp{ids.uuid7().hex[-8:]}"  # of our own, so that it stands beside those of other senders
    row.public_key = base64.b64encode(public).decode()
    row.set_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def ask_again(row: Domain) -> None:
    """Have it checked now."""
    row.asked_at = row.check_at = clock.machine_now()
    row.save(update_fields=["asked_at", "check_at"])


def serve(host: str) -> None:
    """The portal of the merchant in scope answers at this host from now on, and its links name it; '' for our own host."""
    Brand.objects.exclude(portal_host=host).update(portal_host=host, version=F("version") + 1)


def release(row: Domain) -> None:
    """The name is no longer this merchant's: its portal answers there no more, and its check begins anew."""
    if row.kind == Kind.PORTAL:
        serve("")
    row.state, row.verified_at, row.broken_since, row.failures = State.WAITING, None, None, 0
    row.save(update_fields=["state", "verified_at", "broken_since", "failures"])


def remove(row: Domain) -> None:
    """Give the name up. Its private key is gone with it."""
    if row.kind == Kind.PORTAL and row.state != State.WAITING:
        serve("")
    row.delete()
