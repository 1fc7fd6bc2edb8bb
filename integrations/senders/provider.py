"""Mail providers with an HTTP API, through django-anymail."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from integrations.senders.base import Envelope, Ready, Reply, Result

WIDTH = 4  # calls at a time, each with a connection of its own


class ProviderSender:
    """One of anymail's backends, several times over. Its webhooks carry our message id back in the metadata."""

    def __init__(self, name: str, backends: Sequence[BaseEmailBackend] = ()) -> None:
        self._backends = list(backends) or [get_connection(f"anymail.backends.{name}.EmailBackend") for _ in range(WIDTH)]

    @property
    def width(self) -> int:
        """One message for each connection."""
        return len(self._backends)

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Hand messages over. A refusal by the API is definite; a broken call after `ready` is not."""
        messages = [_message(envelope, backend) for envelope, backend in zip(window, self._backends, strict=False)]
        won = set(ready(list(range(len(messages)))))
        with ThreadPoolExecutor(len(messages)) as pool:
            running = [pool.submit(_send, message) if place in won else None for place, message in enumerate(messages)]
            return [one.result() if one else Reply(Result.FENCED) for one in running]

    def close(self) -> None:
        """Let go of the connections."""
        for backend in self._backends:
            backend.close()


def _send(message: EmailMultiAlternatives) -> Reply:
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


def _message(envelope: Envelope, backend: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        envelope.subject,
        envelope.text,
        f"{envelope.sender_name} <{envelope.sender}>",
        [envelope.to],
        headers={**envelope.headers, "Message-ID": envelope.message_id},
        reply_to=[envelope.reply_to] if envelope.reply_to else None,
        connection=backend,
    )
    message.attach_alternative(envelope.html, "text/html")
    message.metadata = {"message": envelope.key}  # type: ignore[attr-defined]
    return message


def _judge(error: AnymailAPIError) -> Reply:
    code = error.status_code
    if code is None or code >= 500:  # no answer, or one that does not say whether the message was taken
        return Reply(Result.LOST, str(error)[:300])
    return Reply(Result.LATER if code == 429 else Result.REFUSED, str(error)[:300])
