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

INTENT = """
WITH won AS (
  UPDATE notifications_message SET state = 'handing', handed_at = clock_timestamp(), attempts = attempts + 1, reason = '', error = ''
  WHERE merchant_id = %s AND id = %s AND state = 'claimed' AND lease_token = %s AND lease_until > clock_timestamp()
  RETURNING id, merchant_id, attempts, lease_token)
INSERT INTO notifications_attempt (id, merchant_id, message_id, number, token, started_at, outcome, reply)
SELECT %s, merchant_id, id, attempts, lease_token, clock_timestamp(), 'handing', '' FROM won RETURNING number"""

# A rescue may have put the message in doubt meanwhile; the token says that this is still the same try.
OUTCOME = """
WITH told AS (
  UPDATE notifications_message SET state = %(state)s, sent_at = %(sent_at)s, provider_ref = %(ref)s, error = %(error)s, reason = %(reason)s,
    due_at = coalesce(%(due_at)s, due_at), lease_until = NULL
  WHERE merchant_id = %(merchant)s AND id = %(id)s AND lease_token = %(token)s AND state IN ('handing', 'unknown', 'claimed')
  RETURNING id, merchant_id, enrolment_id, node, attempts),
tried AS (
  UPDATE notifications_attempt a SET outcome = %(outcome)s, reply = %(reply)s, finished_at = clock_timestamp()
  FROM told WHERE a.merchant_id = told.merchant_id AND a.message_id = told.id AND a.number = told.attempts AND a.token = %(token)s),
decided AS (
  INSERT INTO notifications_decision (id, merchant_id, enrolment_id, node, message_id, verdict, reason, checks, decided_at)
  SELECT %(decision)s, merchant_id, enrolment_id, node, id, %(verdict)s, %(reason)s, %(checks)s::jsonb, %(now)s
  FROM told WHERE enrolment_id IS NOT NULL AND %(verdict)s <> ''
  ON CONFLICT (merchant_id, enrolment_id, node) DO NOTHING)
INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
SELECT (e->>'id')::uuid, told.merchant_id, e->>'kind', (e->>'subject')::uuid, (e->>'thread')::uuid, e->'payload', %(now)s, 0
FROM told CROSS JOIN jsonb_array_elements(%(facts)s::jsonb) e"""

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
        won = self._run([*self.waiting, (INTENT, [self.merchant_id, message.pk, self.token, uuid7()])])
        self.waiting.clear()
        self.intended.add(message.pk)
        return won

    def outcome(self, message: Message, reply: Reply, checks: list[dict[str, Any]]) -> None:
        """Note how handing over ended; written with the next intent or flush."""
        if reply.result != Result.FENCED:
            self.waiting.append((OUTCOME, self._row(message, reply, checks)))

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
            "merchant": self.merchant_id, "id": message.pk, "token": self.token, "state": state, "verdict": verdict,
            "sent_at": now if state == State.SENT else None, "ref": reply.ref, "error": "" if state == State.SENT else reply.text[:500],
            "reason": "" if state in (State.SENT, State.DUE) else reply.result.value, "due_at": now + backoff(tries) if again else None,
            "outcome": reply.result.value, "reply": reply.text[:300], "decision": uuid7(), "now": now,
            "checks": msgspec.json.encode(checks).decode(), "facts": msgspec.json.encode(facts).decode(),
        }  # fmt: skip

    def _run(self, statements: list[tuple[str, Any]]) -> bool:
        """Several statements as one implicit transaction: the simple query protocol commits them together (PostgreSQL 53.2.2.1)."""
        with connection.cursor() as cursor:
            scope = cursor.mogrify(SET_SCOPE, settings_of(Scope(self.merchant_id))).decode()
            text = ";".join([scope, *(cursor.mogrify(sql, values).decode() for sql, values in statements)])
            cursor.execute(text)
            won: bool = cursor.rowcount > 0
        if any(sql is OUTCOME for sql, _ in statements):
            nudge.after_commit("postpurchase.events.tasks.relay", self.merchant_id)
        return won


def _fact_row(fact: type[MessageFact], message: Message) -> dict[str, Any]:
    return row_of(fact(message_id=message.pk, order_id=message.order_id))
