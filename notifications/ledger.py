"""What one worker writes while it hands messages over: intents before, outcomes after. One round trip and one commit a window.

The outcomes of a window are written with the intents of the next one, so that a crash leaves at most one window in doubt.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from django.db import OperationalError, connection
from psycopg2 import errorcodes  # type: ignore[import-untyped]

from integrations.senders.base import Reply, Result
from notifications import claim
from notifications.consent import address_hash
from notifications.models import Guarantee, Message, State
from postpurchase.events.bus import relay_soon, row_of
from postpurchase.events.catalogue import MessageFact, MessageFailed, MessageInDoubt, MessageSent
from postpurchase.jobs.retry import backoff
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7, uuid7s

MOST_TRIES = 8

TURN = "SELECT notifications_turn(%s, make_interval(secs => %s), %s)"  # migration 0005

REPEATABLE = (Guarantee.AT_LEAST_ONCE, Guarantee.KEYED)
STATES = {
    Result.SENT: (State.SENT, "send", MessageSent),
    Result.REFUSED: (State.FAILED, "fail", MessageFailed),
    Result.LOST: (State.UNKNOWN, "", MessageInDoubt),
}
Rows = dict[uuid.UUID, list[dict[str, Any]]]  # by merchant


@dataclass
class Ledger:
    """The pen of one worker under one lease."""

    token: uuid.UUID
    waiting: Rows = field(default_factory=dict)  # outcomes that are not yet written
    intended: set[uuid.UUID] = field(default_factory=set)

    def intend(self, messages: Sequence[Message], ends: Mapping[uuid.UUID, Sequence[str]] | None = None) -> set[uuid.UUID]:
        """Commit that these are about to leave, with what is still unwritten of the last ones. `ends`: the events that end a message's
        flow. Missing in the answer are those whose lease is no longer ours, those whose address was suppressed since the guards asked,
        and those whose flow ended since: the relay or the next claim ends them.
        """
        rows: Rows = {}
        for message, attempt in zip(messages, uuid7s(len(messages)), strict=True):
            address = address_hash(message.to_address, message.merchant_id).hex()
            row = {"id": message.pk, "attempt": attempt, "subject": message.subject, "address": address}
            row |= {"channel": message.channel, "ends": (ends or {}).get(message.pk) or None}
            rows.setdefault(cast(uuid.UUID, message.merchant_id), []).append(row)
        self.intended.update(message.pk for message in messages)
        return self._write(rows)

    def outcome(self, message: Message, reply: Reply, checks: list[dict[str, Any]]) -> None:
        """Note how handing over ended; written with the next intents or flush."""
        if reply.result != Result.FENCED:
            self.waiting.setdefault(cast(uuid.UUID, message.merchant_id), []).append(_row(message, reply, checks))

    def flush(self) -> None:
        """Write what is still unwritten."""
        if self.waiting:
            self._write({})

    def _write(self, intended: Rows) -> set[uuid.UUID]:
        told = self.waiting
        work = [{"merchant": one, "told": told.get(one, []), "intended": intended.get(one, [])} for one in {**told, **intended}]
        won = _turn(self.token, msgspec.json.encode(work).decode())
        self.waiting = {}
        for merchant_id in told:
            relay_soon(merchant_id)
        return won


def _turn(token: uuid.UUID, work: str, again: int = 3) -> set[uuid.UUID]:
    """Write it; once more where PostgreSQL chose us to break a deadlock, for what has left must be on record."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(TURN, [token, claim.LEASE.total_seconds(), work])
            return set(cursor.fetchone()[0])
    except OperationalError as error:
        if again and not connection.in_atomic_block and getattr(error.__cause__, "pgcode", "") == errorcodes.DEADLOCK_DETECTED:
            return _turn(token, work, again - 1)
        raise


def _row(message: Message, reply: Reply, checks: list[dict[str, Any]]) -> dict[str, Any]:
    now, tries = clock.business_now(), message.attempts + 1
    again = tries < MOST_TRIES and (reply.result == Result.LATER or (reply.result == Result.LOST and message.guarantee in REPEATABLE))
    state, verdict, fact = (State.DUE, "", None) if again else STATES.get(reply.result, STATES[Result.REFUSED])
    facts = [_fact_row(fact, message)] if fact else []
    return {
        "id": message.pk, "state": state, "verdict": verdict, "sent_at": now if state == State.SENT else None, "ref": reply.ref,
        "error": "" if state == State.SENT else reply.text[:500],
        "reason": "" if state in (State.SENT, State.DUE) else reply.result.value, "due_at": now + backoff(tries) if again else None,
        "outcome": reply.result.value, "reply": reply.text[:300], "decision": uuid7(), "now": now, "checks": checks, "facts": facts,
    }  # fmt: skip


def _fact_row(fact: type[MessageFact], message: Message) -> dict[str, Any]:
    return row_of(fact(message_id=message.pk, order_id=message.order_id))
