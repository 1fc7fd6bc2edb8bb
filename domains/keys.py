"""The key that a merchant's mails are signed with: of its sending domain, once and as long as that stands right in the DNS."""

import uuid
from dataclasses import dataclass, field

from domains.models import Domain, Kind, State
from postpurchase.lib import crypto
from postpurchase.tenancy.rows import rows_of


@dataclass(frozen=True)
class SendingKey:
    """Whose mails, and the private key's PEM, which no representation shows."""

    domain: str
    selector: str
    pem: str = field(repr=False)


def sending_key() -> SendingKey | None:
    """The merchant in scope's; None without a verified sending domain. One query."""
    rows = rows_of(Domain, "kind = %s AND state = %s AND key_sealed IS NOT NULL", Kind.SENDING, State.VERIFIED)
    if not rows:
        return None
    row = rows[0]
    return SendingKey(row.name, row.selector, crypto.unseal(row.key_sealed or b"", uuid.UUID(str(row.merchant_id))))
