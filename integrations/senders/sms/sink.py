"""Texts for a development machine and for tests: handed to the mail server as mails, so that the mail catcher shows them."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from integrations.senders.base import Envelope, Ready, Reply, Sender

DOMAIN = "sms.invalid"


class SinkSender:
    """Each text is a mail to its number, with the guarantees of the sender beneath."""

    def __init__(self, post: Sender) -> None:
        self._post = post

    @property
    def width(self) -> int:
        """As many as the sender beneath."""
        return self._post.width

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Hand the texts over as mails."""
        return self._post.deliver([as_mail(one) for one in window], ready)

    def close(self) -> None:
        """Let go of the connections."""
        self._post.close()


def as_mail(text: Envelope) -> Envelope:
    """The text as the mail catcher shows it."""
    return replace(
        text,
        html=f"<p>{escape(text.text)}</p>",
        sender=f"sms@{DOMAIN}",
        to=f"{text.to}@{DOMAIN}",
        subject=f"SMS {text.to}",
        headers={},
        reply_to="",
    )
