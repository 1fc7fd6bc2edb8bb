"""The inbox: what shops and carriers sent, accepted once, claimed in batches, and settled in the transaction that recorded it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Least, Now

from integrations import registry
from integrations.models import Delivery, InboundDelivery
from integrations.registry import Decodes, Unreadable
from integrations.types import Item
from postpurchase.jobs.retry import Permanent, backoff
from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7
from postpurchase.tenancy.gates import Source

BATCH = 100
LEASE = timedelta(seconds=60)
GIVE_UP = 8  # attempts; then the delivery stays listed with its error
LOOK_AGAIN_FIRST, LOOK_AGAIN_LAST = timedelta(seconds=30), timedelta(hours=6)
SECRETS = ("authorization", "cookie", "hmac", "sign", "token", "secret", "api-key", "apikey", "credential")

INSERT = """
INSERT INTO integrations_inbounddelivery (id, merchant_id, connection_id, delivery_id, topic, headers, body, received_at, state, due_at,
  attempts, parked_for, error)
SELECT r.id, %(merchant)s, %(connection)s, delivery_id, topic, headers, body, %(now)s,
  CASE WHEN urgent OR c.paused_at IS NULL THEN 'due' ELSE 'held' END, %(now)s, 0, '', ''
FROM unnest(%(ids)s::uuid[], %(delivery_ids)s::text[], %(topics)s::text[], %(headers)s::jsonb[], %(bodies)s::bytea[], %(urgent)s::bool[])
  AS r (id, delivery_id, topic, headers, body, urgent),
  integrations_connection AS c WHERE c.merchant_id = %(merchant)s AND c.id = %(connection)s
ON CONFLICT (merchant_id, connection_id, delivery_id) DO NOTHING
RETURNING id"""

CLAIM = """
WITH mine AS MATERIALIZED (SELECT id FROM integrations_inbounddelivery WHERE merchant_id = %(merchant)s AND state = 'due'
  AND due_at <= %(now)s ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
UPDATE integrations_inbounddelivery AS d
SET state = 'claimed', lease_until = %(until)s, lease_token = %(token)s, attempts = attempts + 1
FROM mine, integrations_connection AS c
WHERE d.id = mine.id AND d.merchant_id = %(merchant)s AND c.merchant_id = %(merchant)s AND c.id = d.connection_id
RETURNING d.id, d.connection_id, c.kind, d.topic, d.headers::text, d.body, d.received_at, d.due_at, d.attempts, d.lease_token,
  c.mapping::text"""

SETTLE = """
UPDATE integrations_inbounddelivery AS d SET state = r.state, due_at = r.due_at, lease_until = NULL, lease_token = NULL,
  attempts = CASE WHEN r.state = 'parked' THEN 0 ELSE d.attempts END, parked_for = r.parked_for, result = r.result, error = r.error,
  processed_at = %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (id uuid, state text, due_at timestamptz, parked_for text, result jsonb, error text)
WHERE d.id = r.id"""


class Holds(Func):
    """Whether bytes hold other bytes."""

    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """position(needle in hay) > 0."""
        (hay, _), (needle, params) = (compiler.compile(part) for part in self.source_expressions)
        return f"position({needle} in {hay}) > 0", list(params)


class Claimed(NamedTuple):
    """A delivery that this worker holds under a lease. A model would cost more than reading it."""

    pk: uuid.UUID
    connection_id: uuid.UUID
    kind: str  # of the connection
    topic: str
    headers: str  # JSON
    body: memoryview
    received_at: datetime
    due_at: datetime
    attempts: int
    lease_token: uuid.UUID
    mapping: str | None = None  # of the connection, JSON


@dataclass
class Reading:
    """A claimed delivery and what it says. `items` is None for a topic that we do not read; `error` is set where it cannot be read.

    The rest is what recording it came to; `forget` empties it before another try.
    """

    delivery: Claimed
    items: list[Item] | None = None
    error: str = ""
    refused: str = ""
    results: list[dict[str, Any]] = field(default_factory=list)
    parked_for: str = ""

    def forget(self) -> None:
        """Nothing has been recorded yet."""
        self.refused, self.results, self.parked_for = "", [], ""


class Arrival(NamedTuple):
    """A delivery whose signature holds, as it came."""

    delivery_id: str
    topic: str
    headers: Mapping[str, str]
    body: bytes
    urgent: bool = False  # read also while the connection is paused


def accept(source: Source, arrivals: Sequence[Arrival]) -> list[bool]:
    """Keep deliveries. True for each that is new, False for a repeat. One statement; needs the merchant's scope."""
    ids = [uuid7() for _ in arrivals]
    wanted: dict[str, Any] = {
        "merchant": source.merchant_id,
        "connection": source.id,
        "now": clock.machine_now(),
        "ids": ids,
        "delivery_ids": [one.delivery_id for one in arrivals],
        "topics": [one.topic for one in arrivals],
        "headers": [_kept(one.headers) for one in arrivals],
        "bodies": [one.body for one in arrivals],
        "urgent": [one.urgent for one in arrivals],
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, wanted)
        new = {row_id for (row_id,) in cursor.fetchall()}
    return [row_id in new for row_id in ids]


def _kept(headers: Mapping[str, str]) -> str:
    return msgspec.json.encode({name: value for name, value in headers.items() if _may_keep(name)}).decode()


def _may_keep(name: str) -> bool:
    return not any(word in name for word in SECRETS)


def claim(merchant_id: object, *, most: int = BATCH) -> list[Claimed]:
    """Take up to `most` due deliveries of the merchant in scope under a fresh lease, oldest first."""
    token, now = uuid.uuid4(), clock.machine_now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"until": now + LEASE, "token": token, "merchant": str(merchant_id), "now": now, "most": most})
        return sorted((Claimed(*row) for row in cursor.fetchall()), key=lambda row: (row.connection_id, row.pk))


def read(delivery: Claimed) -> Reading:
    """What a delivery says, checked against the types. Never raises: a body is the sender's, and may hold anything."""
    try:
        adapter = registry.adapter_with(delivery.kind, delivery.mapping)
        decode = adapter.decode if isinstance(adapter, Decodes) else _decode
        items = adapter.read(delivery.topic, decode(bytes(delivery.body)), msgspec.json.decode(delivery.headers, type=dict[str, str]))
        return Reading(delivery, items=None if items is None else [_checked(item) for item in items])
    except (Unreadable, msgspec.DecodeError) as error:
        return Reading(delivery, error=str(error))
    except Exception as error:  # a shape that no reader foresaw is unreadable too: kept, listed, retried by hand
        return Reading(delivery, error=f"{type(error).__name__}: {error}")


def _decode(body: bytes) -> Any:
    """JSON without NUL characters, which PostgreSQL cannot hold."""
    return msgspec.json.decode(body.replace(b"\\u0000", b""))


def _checked(item: Item) -> Item:
    """The item, held to its type's limits: an adapter's items are as trustworthy as the API's."""
    return msgspec.convert(msgspec.to_builtins(item), type(item))


def hold(readings: Sequence[Reading]) -> list[Reading]:
    """Those whose lease is still ours, their rows locked to the end of this transaction: a worker that overslept is fenced out here."""
    if not readings:
        return []
    mine = Q(state=Delivery.CLAIMED, lease_token=readings[0].delivery.lease_token, lease_until__gt=clock.machine_now())
    rows = InboundDelivery.objects.filter(mine, pk__in=[reading.delivery.pk for reading in readings])
    held = set(rows.order_by("id").select_for_update(of=("self",)).values_list("pk", flat=True))
    return [reading for reading in readings if reading.delivery.pk in held]


def settle(readings: Sequence[Reading]) -> None:
    """Write down what became of each delivery, in the transaction that recorded its items."""
    now = clock.machine_now()
    rows = msgspec.json.encode([_settled(reading, now) for reading in readings]).decode()
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"now": now, "rows": rows})


def _settled(reading: Reading, now: datetime) -> dict[str, Any]:
    row = reading.delivery
    wait = min(max(now - row.received_at, LOOK_AGAIN_FIRST), LOOK_AGAIN_LAST)
    return {
        "id": row.pk,
        "state": _state(reading),
        "due_at": now + wait if reading.parked_for else row.due_at,
        "parked_for": reading.parked_for[:160],
        "result": reading.results or None,
        "error": (reading.error or reading.refused).replace("\0", "")[:500],
    }


def _state(reading: Reading) -> str:
    if reading.error or reading.refused:
        return Delivery.FAILED
    if reading.items is None:
        return Delivery.IGNORED
    return Delivery.PARKED if reading.parked_for else Delivery.DONE


def postpone(delivery: Claimed | InboundDelivery, error: Exception) -> None:
    """Recording failed: try again later, or list it as failed after GIVE_UP attempts or an error that time does not mend."""
    spent = delivery.attempts >= GIVE_UP or isinstance(error, Permanent)
    InboundDelivery.objects.filter(pk=delivery.pk, state=Delivery.CLAIMED, lease_token=delivery.lease_token).update(
        state=Delivery.FAILED if spent else Delivery.DUE,
        due_at=clock.machine_now() + backoff(delivery.attempts),
        lease_until=None,
        lease_token=None,
        error=f"{type(error).__name__}: {error}"[:500],
    )


def unpark(source_id: uuid.UUID, keys: Sequence[str]) -> int:
    """Deliveries of a connection that wait for one of these ("order:1001") are due now. Returns how many.

    Call it after the commit that recorded them. A delivery that looked before that commit and parks after this call is missed here:
    it looks again by itself when its due_at comes, after LOOK_AGAIN_FIRST at the soonest.
    """
    rows = InboundDelivery.objects.filter(connection_id=source_id, state=Delivery.PARKED, parked_for__in=keys)
    return rows.update(state=Delivery.DUE, due_at=clock.machine_now())


def overdue() -> QuerySet[InboundDelivery]:
    """Deliveries that a lost nudge, a dead worker or a missed wake-up left behind."""
    waiting = Q(state__in=(Delivery.DUE, Delivery.PARKED), due_at__lte=Now())
    return InboundDelivery.objects.filter(waiting | Q(state=Delivery.CLAIMED, lease_until__lte=Now()))


def revive() -> int:
    """Put overdue deliveries of every merchant in scope back in the queue; a worker that took one GIVE_UP times may have died of it."""
    late = overdue().exclude(state=Delivery.DUE)
    late.filter(attempts__gte=GIVE_UP).update(state=Delivery.FAILED, lease_until=None, lease_token=None, error="its worker died every time")
    return late.update(state=Delivery.DUE, due_at=Least(F("due_at"), Now()), lease_until=None, lease_token=None)


def blank(source_id: uuid.UUID, *, traces: Sequence[str] | None = None) -> int:
    """Empty the bodies and results of a connection's deliveries that hold one of these texts, or of all of them. What is due is left.

    What was parked or held has nothing left to say and is ignored from now on. Returns how many; the rows stay: a repeat is still known.
    """
    rows = InboundDelivery.objects.filter(connection_id=source_id).exclude(state=Delivery.DUE)
    if traces is not None:
        held = [Q(Holds(F("body"), Value(trace.encode()))) for trace in traces if trace]
        if not held:
            return 0
        rows = rows.filter(reduce(or_, held))
    waits = When(state__in=(Delivery.PARKED, Delivery.HELD), then=Value(str(Delivery.IGNORED)))
    return rows.update(body=b"", result=None, error="", parked_for="", state=Case(waits, default=F("state")))
