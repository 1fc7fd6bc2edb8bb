"""EMAIL_URL says how mail leaves: smtp://user:password@host:port, smtp+tls://, smtps://, or anymail://<provider>."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from integrations.senders.base import Sender
from integrations.senders.provider import ProviderSender
from integrations.senders.smtp import Server, SmtpSender

TLS = {"smtp": "", "smtp+tls": "starttls", "smtps": "ssl"}
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def sender(url: str) -> Sender:
    """A new sender for that address. Raises ImproperlyConfigured for a scheme that is none of the four."""
    parts = urlsplit(url)
    if parts.scheme == "anymail":
        return ProviderSender(parts.hostname or "")
    if parts.scheme not in TLS:
        raise ImproperlyConfigured(f"EMAIL_URL starts with {parts.scheme!r}: use smtp, smtp+tls, smtps or anymail")
    return SmtpSender(
        Server(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=TLS[parts.scheme],
        )
    )
