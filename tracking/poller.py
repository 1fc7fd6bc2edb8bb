"""The account by which a carrier is asked about parcels, and how asking fares."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import models

from integrations.models import Connection
from postpurchase.lib import clock, crypto
from postpurchase.tenancy.base import TenantForeignKey, TenantModel

MOST_TOKENS = 30.0  # calls that may be made at once after a rest


class Poller(TenantModel):
    """Of one connection. Whoever makes calls locks the row first, so the bucket and the breaker are exact over all workers."""

    connection = TenantForeignKey(Connection, models.CASCADE, db_index=False, related_name="pollers")
    asking = models.BooleanField(default=True)
    url = models.CharField(max_length=1000, blank=True)  # of the merchant's own, with {number} in it
    carriers = ArrayField(models.CharField(max_length=40))  # whose parcels are asked about
    account_sealed = models.BinaryField(null=True)  # keys and passwords, as a JSON object
    token_sealed = models.BinaryField(null=True)  # what the carrier's login gave
    token_until = models.DateTimeField(null=True)
    a_minute = models.PositiveSmallIntegerField(default=60)
    tokens = models.FloatField(default=MOST_TOKENS)  # calls that may be made now, as of filled_at
    filled_at = models.DateTimeField(default=clock.business_now)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    resume_at = models.DateTimeField(null=True)  # nothing is asked before
    last_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")
    found_from = models.DateTimeField(null=True)  # parcels made since are still to be looked through for those under way; None: done
    begun_at = models.DateTimeField(null=True)  # when it was switched on, or got other carriers

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "connection"], name="one_poller")]

    def _owner(self) -> UUID:
        return UUID(str(self.merchant_id))

    def keep_account(self, account: dict[str, str]) -> None:
        """Seal what the account is known by; a login's token goes, as it was another account's. The caller saves."""
        self.account_sealed = crypto.seal(msgspec.json.encode(account).decode(), self._owner())
        self.token_sealed = self.token_until = None

    def account(self) -> dict[str, str]:
        """What the account is known by. Raises Undecipherable."""
        return msgspec.json.decode(crypto.unseal(self.account_sealed, self._owner()), type=dict[str, str]) if self.account_sealed else {}

    def keep_token(self, token: str, until: datetime) -> None:
        """Seal what a login gave. The caller saves."""
        self.token_sealed, self.token_until = crypto.seal(token, self._owner()), until

    def token(self) -> str:
        """The login's token, '' when there is none that holds for another minute."""
        holds = self.token_sealed and self.token_until and self.token_until > clock.machine_now()
        return crypto.unseal(self.token_sealed, self._owner()) if holds and self.token_sealed else ""

    def fill(self, now: datetime) -> float:
        """What the bucket holds now. The caller saves."""
        earned = max(0.0, (now - self.filled_at).total_seconds()) * self.a_minute / 60
        self.tokens, self.filled_at = min(max(1.0, min(MOST_TOKENS, float(self.a_minute))), self.tokens + earned), now
        return self.tokens
