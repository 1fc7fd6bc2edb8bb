"""A sender of texts for an account."""

from integrations.senders.base import Sender
from integrations.senders.sms.sink import SinkSender
from integrations.senders.sms.twilio import TwilioSender


def sender(provider: str, sid: str, token: str, post: Sender) -> Sender:
    """A new sender. `post`: what mails leave by, which the mail catcher's texts go through."""
    return SinkSender(post) if provider == "sink" else TwilioSender(sid, token)
