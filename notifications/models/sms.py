"""How a merchant's text messages leave."""

from django.db import models

from postpurchase.lib import clock, crypto
from postpurchase.tenancy.base import TenantModel


class SmsProvider(models.TextChoices):
    """Who takes the texts: Twilio, or the mail catcher of a development machine."""

    TWILIO = "twilio", "Twilio"
    SINK = "sink", "Mail catcher"


class SmsAccount(TenantModel):
    """The merchant's own account with a provider. One a merchant; without it no text leaves."""

    provider = models.CharField(max_length=10, choices=SmsProvider.choices, default=SmsProvider.TWILIO)
    account_sid = models.CharField(max_length=64)
    token_sealed = models.BinaryField()
    sender = models.CharField(max_length=40)  # a number (E.164), a name of up to eleven letters, or a messaging service (MG...)
    changed_at = models.DateTimeField(default=clock.machine_now)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant"], name="one_sms_account")]

    @property
    def token(self) -> str:
        """The secret that calls are made with, and that the provider signs with. Raises Undecipherable."""
        return crypto.unseal(self.token_sealed, self.merchant_id)  # type: ignore[arg-type]
