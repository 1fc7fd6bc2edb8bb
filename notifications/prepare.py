"""Claimed messages made ready to leave: guards, then rendering. What is not to be sent ends here, with its reason."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection

from integrations.senders.base import Envelope
from notifications import arbiter, flows, text_envelope, texts
from notifications.cases import Case, load
from notifications.engagement import links
from notifications.guards import decide
from notifications.identity import Identity, identity
from notifications.models import Channel, Message, SmsAccount, State, Stream
from notifications.pen import Ended, note_ended
from notifications.placeholders import unsubscribe_url
from notifications.render import Rendered, packed, render, together
from postpurchase.lib.ids import uuid7s
from postpurchase.tenancy.rows import rows_of
from postpurchase.tenancy.scope import in_merchant

OURS = "id = ANY(%s) AND lease_token = %s AND state = 'claimed' ORDER BY due_at, id"
UNASKED = ("lease_token",)  # a column of messages that nothing here asks for
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
    texting: SmsAccount | None = None  # a text: the account that it leaves by
    ends: tuple[str, ...] = ()  # events that end its flow: asked once more as it leaves


def prepare(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID) -> list[Prepared]:
    """Decide on one merchant's claimed messages and draw them, in one transaction that holds no network."""
    with in_merchant(merchant_id):
        cases, mine = load(rows_of(Message, OURS, ids, token, without=UNASKED)), identity()
        judged = [(case, *decide(case)) for case in cases]
        ruling = arbiter.rule([case for case, verdict, _, _ in judged if verdict == "send"])
        ended = [Ended(case.message, verdict, why, asked) for case, verdict, why, asked in judged if verdict != "send"]
        checks = {case.message.pk: asked for case, _, _, asked in judged}
        results = together(ruling.go, lambda case: _prepare(case, mine, checks[case.message.pk]))
        ready = [one for one in results if isinstance(one, Prepared)]
        if ready:
            _keep_bodies(merchant_id, ready)  # with the links as they were written: whoever looks a message up is not its reader
            _keep_versions(ready)
            ready = _counted(merchant_id, ready, {case.message.pk: case for case in cases})
            _take_slots(one.message for one in ready)
        arbiter.put_off(ruling.off)
        _end([*ended, *ruling.ended, *(one for one in results if isinstance(one, Ended))])
    return ready


def _prepare(case: Case, mine: Identity, checks: list[dict[str, Any]]) -> Prepared | Ended:
    try:
        drawn = texts.render(case) if case.message.channel == Channel.SMS else render(case)
    except Exception as error:  # a template that cannot be drawn must not hold up the batch
        return Ended(case.message, "fail", f"template: {error}"[:80], checks)
    case.message.subject = drawn.subject
    case.message.design_version = case.design.number if case.design else None
    ends = tuple(case.plan.cancel_on) if case.plan else ()
    return Prepared(case.message, _envelope(case, drawn, mine), checks, case.texting, ends)


def _take_slots(messages: Iterable[Message]) -> None:
    taken = [message for message in messages if message.slot_at]
    if taken:
        Message.objects.filter(pk__in=[message.pk for message in taken]).update(slot_at=taken[0].slot_at)


def _counted(merchant_id: uuid.UUID, ready: list[Prepared], cases: dict[uuid.UUID, Case]) -> list[Prepared]:
    rewriter = links.Rewriter(merchant_id)
    found = [replace(one, envelope=_through(rewriter, cases[one.message.pk], one.envelope)) for one in ready]
    rewriter.save()
    return found


def _keep_bodies(merchant_id: uuid.UUID, ready: list[Prepared]) -> None:
    htmls, texts = [packed(one.envelope.html) for one in ready], [packed(one.envelope.text) for one in ready]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [merchant_id, uuid7s(len(ready)), [one.message.pk for one in ready], htmls, texts])


def _through(rewriter: links.Rewriter, case: Case, envelope: Envelope) -> Envelope:
    return rewriter.through(case.message, case.brand, case.order.ship_country if case.order else "", envelope)


def _keep_versions(ready: list[Prepared]) -> None:
    """Which version of a design each was drawn with, while a batch has any."""
    alike: dict[tuple[str, int], list[uuid.UUID]] = defaultdict(list)
    for one in ready:
        if one.message.design_version:
            alike[one.message.template, one.message.design_version].append(one.message.pk)
    for (_template, number), ids in alike.items():
        Message.objects.filter(pk__in=ids).update(design_version=number)


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


def _envelope(case: Case, drawn: Rendered, mine: Identity) -> Envelope:
    return text_envelope.envelope(case, drawn) if case.message.channel == Channel.SMS else envelope(case, drawn, mine)


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
