"""What one worker writes while it hands messages over: intent before, outcome after. One round trip and one commit a message.

The outcome of a message is written with the intent of the next one, so that a crash leaves at most one message in doubt.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import connection

from integrations.senders.base import Reply, Result
from notifications.models import Guarantee, Message, State
from postpurchase.events.bus import row_of
from postpurchase.events.catalogue import MessageFact, MessageFailed, MessageInDoubt, MessageSent
from postpurchase.jobs import nudge
from postpurchase.jobs.retry import backoff
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.scope import SET_SCOPE, Scope, settings_of

MOST_TRIES = 8

INTENT = "SELECT notifications_intend(%s, %s, %s, %s, %s)"  # both: migration 0003
OUTCOME = "SELECT notifications_tell(%s, %s, %s)"

REPEATABLE = (Guarantee.AT_LEAST_ONCE, Guarantee.KEYED)
STATES = {
    Result.SENT: (State.SENT, "send", MessageSent),
    Result.REFUSED: (State.FAILED, "fail", MessageFailed),
    Result.LOST: (State.UNKNOWN, "", MessageInDoubt),
}


@dataclass
class Ledger:
    """The pen of one worker for one merchant's batch."""

    merchant_id: uuid.UUID
    token: uuid.UUID
    waiting: list[tuple[str, Any]] = field(default_factory=list)
    intended: set[uuid.UUID] = field(default_factory=set)

    def intent(self, message: Message) -> bool:
        """Commit that the message is about to leave, with what is still unwritten of the last one. False: the lease is no longer ours."""
        won = self._run([*self.waiting, (INTENT, [self.merchant_id, message.pk, self.token, uuid7(), message.subject])])
        self.waiting.clear()
        self.intended.add(message.pk)
        return won

    def outcome(self, message: Message, reply: Reply, checks: list[dict[str, Any]]) -> None:
        """Note how handing over ended; written with the next intent or flush."""
        if reply.result != Result.FENCED:
            row = msgspec.json.encode(self._row(message, reply, checks)).decode()
            self.waiting.append((OUTCOME, [self.merchant_id, self.token, row]))

    def flush(self) -> None:
        """Write what is still unwritten."""
        if self.waiting:
            self._run(self.waiting)
            self.waiting.clear()

    def _row(self, message: Message, reply: Reply, checks: list[dict[str, Any]]) -> dict[str, Any]:
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

    def _run(self, statements: list[tuple[str, Any]]) -> bool:
        """Several statements as one implicit transaction: the simple query protocol commits them together (PostgreSQL 53.2.2.1)."""
        with connection.cursor() as cursor:
            scope = cursor.mogrify(SET_SCOPE, settings_of(Scope(self.merchant_id))).decode()
            text = ";".join([scope, *(cursor.mogrify(sql, values).decode() for sql, values in statements)])
            cursor.execute(text)
            won = cursor.fetchone()[0] is True  # notifications_tell returns nothing
        if any(sql is OUTCOME for sql, _ in statements):
            nudge.after_commit("postpurchase.events.tasks.relay", self.merchant_id)
        return won


def _fact_row(fact: type[MessageFact], message: Message) -> dict[str, Any]:
    return row_of(fact(message_id=message.pk, order_id=message.order_id))
