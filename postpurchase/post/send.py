"""Letters out of the queue, one at a time over one connection: taken, sent while no transaction is open, and settled."""

import json
import logging
from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from postpurchase.jobs.retry import backoff
from postpurchase.lib import clock, crypto
from postpurchase.post.models import Letter

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # a conversation with the mail server has 10 seconds for each step
GIVE_UP = timedelta(hours=24)
OURS = frozenset({401, 403, 429})  # a provider's answers that are about us, not about the letter


def drain(*, most_seconds: float = 30.0) -> int:
    """Send what is due, and say how many were tried. Takes no more after `most_seconds`."""
    until, tried = clock.monotonic() + most_seconds, 0
    line = get_connection()
    try:
        while clock.monotonic() < until and (row := _take()):
            tried += 1
            _settle(row, _error_of(row, line))
    finally:
        line.close()
    return tried


def _take() -> Letter | None:
    """The letter that has been due for longest, ours for LEASE."""
    now = clock.machine_now()
    with transaction.atomic():
        due = Letter.objects.select_for_update(skip_locked=True).filter(sealed__isnull=False, due_at__lte=now)
        row = due.order_by("due_at").first()
        if row:
            row.tries, row.due_at = row.tries + 1, now + LEASE
            row.save(update_fields=["tries", "due_at"])
    return row


def _error_of(row: Letter, line: BaseEmailBackend) -> Exception | None:
    """Hand it over; what went wrong, or None. A second try carries the same Message-ID, so that mailboxes can tell."""
    try:
        said = json.loads(crypto.unseal(row.sealed or b"", row.pk))
        headers = {"Message-ID": f"<{row.pk}@{settings.EMAIL_FROM_DOMAIN}>"}
        mail = EmailMultiAlternatives(said["subject"], said["text"], to=[row.to], headers=headers, connection=line)
        mail.attach_alternative(said["html"], "text/html")
        line.open()
        mail.send()
    except (OSError, SMTPException, AnymailError, ValueError) as error:
        line.close()  # what is left of the conversation is no place to begin the next one
        return error
    return None


def _settle(row: Letter, error: Exception | None) -> None:
    """It left, goes again later, or is given up. Somebody else's by now (the lease ran out): nothing."""
    mine = Letter.objects.filter(pk=row.pk, tries=row.tries, sealed__isnull=False)
    now = clock.machine_now()
    if error is None:
        mine.update(sealed=None, sent_at=now, error="")
        return
    over = is_final(error) or now - row.made_at > GIVE_UP
    log.warning("letter %s %s: %s", row.pk, "is given up" if over else "waits", error)
    changes = {"sealed": None} if over else {"due_at": now + backoff(row.tries, first=10.0, most=1800.0)}
    mine.update(error=str(error)[:300], **changes)


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: the server said no to this letter, and not to us or for now (RFC 5321, 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= 500 and not isinstance(error, SMTPAuthenticationError)
    if isinstance(error, AnymailAPIError) and not isinstance(error, AnymailRecipientsRefused):
        code = error.status_code or 500
        return 400 <= code < 500 and code not in OURS
    return isinstance(error, AnymailRecipientsRefused | ValueError)
