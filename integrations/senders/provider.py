"""Mail providers with an HTTP API, through django-anymail."""

from collections.abc import Callable
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from integrations.senders.base import Envelope, Reply, Result


class ProviderSender:
    """One of anymail's backends. Its webhooks carry our message id back in the metadata."""

    def __init__(self, name: str, backend: BaseEmailBackend | None = None) -> None:
        self.backend = backend or get_connection(f"anymail.backends.{name}.EmailBackend")

    def deliver(self, envelope: Envelope, ready: Callable[[], bool]) -> Reply:
        """Hand one message over. A refusal by the API is definite; a broken call after `ready` is not."""
        message = self._message(envelope)
        if not ready():
            return Reply(Result.FENCED)
        try:
            message.send()
        except AnymailRecipientsRefused as error:
            return Reply(Result.REFUSED, str(error)[:300])
        except AnymailAPIError as error:
            return _judge(error)
        except (AnymailError, ValueError) as error:
            return Reply(Result.REFUSED, str(error)[:300])
        status: Any = message.anymail_status  # type: ignore[attr-defined]
        return Reply(Result.SENT, str(status.status), str(status.message_id or "")[:200])

    def _message(self, envelope: Envelope) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            envelope.subject,
            envelope.text,
            f"{envelope.sender_name} <{envelope.sender}>",
            [envelope.to],
            headers={**envelope.headers, "Message-ID": envelope.message_id},
            reply_to=[envelope.reply_to] if envelope.reply_to else None,
            connection=self.backend,
        )
        message.attach_alternative(envelope.html, "text/html")
        message.metadata = {"message": envelope.key}  # type: ignore[attr-defined]
        return message

    def close(self) -> None:
        """Let go of the connection."""
        self.backend.close()


def _judge(error: AnymailAPIError) -> Reply:
    code = error.status_code
    if code is None or code >= 500:  # no answer, or one that does not say whether the message was taken
        return Reply(Result.LOST, str(error)[:300])
    return Reply(Result.LATER if code == 429 else Result.REFUSED, str(error)[:300])
