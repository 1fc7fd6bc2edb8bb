"""Claimed messages made ready to leave: guards, then rendering. What is not to be sent ends here, with its reason."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from integrations.senders.base import Envelope
from notifications import arbiter, flows
from notifications.cases import Case, load
from notifications.guards import decide
from notifications.identity import Identity, identity
from notifications.models import Message, State, Stream
from notifications.pen import Ended
from notifications.pen import decide as note_ended
from notifications.placeholders import unsubscribe_url
from notifications.render import Rendered, packed, render
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.rows import rows_of
from postpurchase.tenancy.scope import in_merchant

OURS = "id = ANY(%s) AND lease_token = %s AND state = 'claimed' ORDER BY due_at, id"
UNASKED = ("customer_id", "lease_token")  # columns of messages that nothing here asks for
KEEP = """
INSERT INTO notifications_messagebody (id, merchant_id, message_id, html, text)
SELECT id, %s, message, html, text FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::bytea[]) AS r (id, message, html, text)
ON CONFLICT (merchant_id, message_id) DO UPDATE SET html = excluded.html, text = excluded.text"""
STATES = {"skip": State.SKIPPED, "expire": State.EXPIRED, "fail": State.FAILED, "hold": State.HELD}


@dataclass(frozen=True)
class Prepared:
    """A message that passed its guards, drawn and ready to hand over."""

    message: Message
    envelope: Envelope
    checks: list[dict[str, Any]]


def prepare(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID) -> list[Prepared]:
    """Decide on one merchant's claimed messages and draw them, in one transaction that holds no network."""
    with in_merchant(merchant_id):
        cases, mine = load(rows_of(Message, OURS, ids, token, without=UNASKED)), identity()
        judged = {case.message.pk: decide(case) for case in cases}
        ruling = arbiter.rule([case for case in cases if judged[case.message.pk][0] == "send"])
        ended = [Ended(case.message, *judged[case.message.pk]) for case in cases if judged[case.message.pk][0] != "send"]
        results = [_prepare(case, mine, judged[case.message.pk][2]) for case in ruling.go]
        ready = [one for one in results if isinstance(one, Prepared)]
        if ready:
            _keep_bodies(merchant_id, ready)
            _take_slots(one.message for one in ready)
        arbiter.put_off(ruling.off)
        _end([*ended, *ruling.ended, *(one for one in results if isinstance(one, Ended))])
    return ready


def _prepare(case: Case, mine: Identity, checks: list[dict[str, Any]]) -> Prepared | Ended:
    try:
        drawn = render(case)
    except Exception as error:  # a template that cannot be drawn must not hold up the batch
        return Ended(case.message, "fail", f"template: {error}"[:80], checks)
    case.message.subject = drawn.subject
    return Prepared(case.message, envelope(case, drawn, mine), checks)


def _take_slots(messages: Iterable[Message]) -> None:
    taken = [message for message in messages if message.slot_at]
    if taken:
        Message.objects.filter(pk__in=[message.pk for message in taken]).update(slot_at=taken[0].slot_at)


def _keep_bodies(merchant_id: uuid.UUID, ready: list[Prepared]) -> None:
    htmls, texts = [packed(one.envelope.html) for one in ready], [packed(one.envelope.text) for one in ready]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [merchant_id, [uuid7() for _ in ready], [one.message.pk for one in ready], htmls, texts])


def _end(ended: list[Ended]) -> None:
    if not ended:
        return
    alike: dict[tuple[str, str], list[uuid.UUID]] = defaultdict(list)
    for one in ended:
        alike[one.verdict, one.reason].append(one.message.pk)
    for (verdict, reason), ids in alike.items():
        rows = Message.objects.filter(pk__in=ids, state__in=(State.CLAIMED, State.DUE))  # of a digest, some were not yet due
        rows.update(state=STATES[verdict], reason=reason, lease_token=None, lease_until=None)
    over = [one for one in ended if one.verdict != "hold"]  # what is held back is decided on when it is released
    note_ended(over)
    flows.move_on(one.message.pk for one in over)


def envelope(case: Case, drawn: Rendered, mine: Identity) -> Envelope:
    """Who it is from and to, and the headers its stream asks for (RFC 8058 for marketing)."""
    brand, message = case.brand, case.message
    headers = {"X-Entity-Ref-ID": str(message.pk), "Auto-Submitted": "auto-generated"}
    if message.stream == Stream.MARKETING:
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url(case)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Envelope(
        sender=mine.address(brand, message.stream),
        sender_name=mine.name(brand),
        to=message.to_address,
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
        message_id=message.message_id(settings.EMAIL_FROM_DOMAIN),
        headers=headers,
        key=str(message.pk),
        reply_to=mine.reply_to(brand),
        signer=mine.signer,
    )
