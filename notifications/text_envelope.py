"""Who a text is from and to, and where its provider reports to."""

from django.conf import settings

from integrations.senders.base import Envelope
from integrations.senders.sms.twilio import CALLBACK
from notifications.cases import Case
from notifications.models import SmsAccount
from notifications.render import Rendered
from postpurchase.lib import crypto, ids


def envelope(case: Case, drawn: Rendered) -> Envelope:
    """The text, ready to go. The case has an account: guards see to it."""
    account, message = case.texting, case.message
    if account is None:
        raise ValueError("a text without an account to send it by")
    return Envelope(
        sender=account.sender,
        sender_name=case.brand.name,
        to=message.to_address,
        subject="",
        text=drawn.text,
        html="",
        message_id=message.message_id(settings.EMAIL_FROM_DOMAIN),
        headers={CALLBACK: f"{inbound_url(account)}/{crypto.link_token(message.pk)}"},
        key=str(message.pk),
    )


def inbound_url(account: SmsAccount) -> str:
    """Where the provider posts what comes in for the account; reports on a message go below it."""
    return f"{settings.BASE_URL}/sms/{ids.to_public('sms', account.pk)}"
