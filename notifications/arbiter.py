"""Between flows: what may leave now, what waits and until when, and what goes together. Nothing is dropped here without a reason on it.

A message is put off, never lost: it is due again later, with the reason (Message.put_off). Transactional messages are put off by quiet
hours only, and only where the merchant wants that.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from notifications import quiet
from notifications.cases import Case
from notifications.guards import NAMED
from notifications.models import Message, MessagingRules, State, Stream
from notifications.pen import Ended
from notifications.sights import region as region_of
from postpurchase.events.catalogue import FACTS
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from postpurchase.tenancy.rows import rows_of
from postpurchase.tenancy.scope import merchant_id
from tracking import zones
from tracking.models import ENDED, NEEDS_EYE, Shipment, Status

LOOK_AGAIN = timedelta(hours=6)  # while something is wrong, marketing asks again so often
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s || key, 0)) FROM unnest(%s::text[]) AS key"
PUT_OFF = """
UPDATE notifications_message m SET state = 'due', due_at = r.until, put_off = r.put_off, lease_token = NULL, lease_until = NULL
FROM unnest(%s::uuid[], %s::timestamptz[], %s::jsonb[]) AS r (id, until, put_off) WHERE m.id = r.id AND m.state = 'claimed'"""

LATER = "flow_id = ANY(%s) AND node = ANY(%s) AND order_id = ANY(%s) AND state = 'due' ORDER BY due_at, id FOR UPDATE SKIP LOCKED"
NOT_RELAYED = "relayed_at IS NULL AND thread = ANY(%s) AND kind = ANY(%s)"


@dataclass(frozen=True)
class PutOff:
    """A message that is due again at `until`, because of `why`."""

    message: Message
    until: datetime
    why: str


@dataclass
class Ruling:
    """What becomes of messages that their guards let through."""

    go: list[Case] = field(default_factory=list)
    off: list[PutOff] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)


def rule(cases: Sequence[Case]) -> Ruling:
    """Rule over one merchant's claimed messages that have passed their guards, in the transaction that prepares them.

    The number of queries does not depend on how many there are; none of them for what has no flow.
    """
    now, ruling = clock.business_now(), Ruling()
    flowing = [case for case in cases if case.plan and case.step]
    ruling.go = [case for case in cases if not (case.plan and case.step)]
    overtaken = _ended_meanwhile(flowing)
    trouble = _troubled([case for case in flowing if case.message.stream == Stream.MARKETING])
    left = []
    for case in flowing:
        if because := overtaken.get(case.message.pk):
            ruling.ended.append(Ended(case.message, "skip", because, []))
        elif (found := waits(case, now, trouble)) is not None:
            ruling.off.append(found)
        else:
            left.append(case)
    left = _digested(left, ruling)
    ruling.go += _capped(left, now, ruling)
    return ruling


def waits(case: Case, now: datetime, trouble: set[UUID]) -> PutOff | None:
    """What holds a message back by itself: something is wrong, or the hour. `trouble`: people who have a parcel in trouble."""
    message, step = case.message, case.step
    for name in step.hold_while if step else ():
        if reason := NAMED[name](case):
            return PutOff(message, now + LOOK_AGAIN, reason)
    if message.stream == Stream.MARKETING and case.order and case.order.customer_id in trouble:
        return PutOff(message, now + LOOK_AGAIN, "problem_elsewhere")
    until = quiet_until(case, now)
    return PutOff(message, until, "quiet_hours") if until > now else None


def quiet_until(case: Case, now: datetime) -> datetime:
    """When the person may be written to, not before `now`; `now` itself where they may be now. In UTC."""
    if case.message.stream == Stream.TRANSACTIONAL and not case.rules.quiet_transactional:
        return now
    order = case.order
    country, postcode, region = (order.ship_country, order.ship_postcode, region_of(order)) if order else ("", "", "")
    return quiet.next_allowed(
        now,
        channel=case.message.channel,
        stream=case.message.stream,
        zones=zones.all_of_place(country, postcode, region, case.brand.time_zone),
        country=country,
        region=zones.region_of(country, postcode, region),
        exempt=False,
    )


def _ended_meanwhile(cases: list[Case]) -> dict[UUID, str]:
    """Messages whose flow an event has ended that was not relayed yet: the event. One query."""
    stops = {kind for case in cases if case.plan for kind in case.plan.cancel_on}
    orders = {case.order.pk for case in cases if case.order and case.plan and case.plan.cancel_on}
    if not stops or not orders:
        return {}
    happened: dict[UUID | None, list[DomainEvent]] = defaultdict(list)
    for event in rows_of(DomainEvent, NOT_RELAYED, list(orders), list(stops), without=("payload",)):
        happened[event.thread].append(event)
    found = {}
    for case in cases if happened else ():
        mine = happened[case.order.pk] if case.order and case.plan else []
        ended = sorted(event.kind for event in mine if event.kind in case.plan.cancel_on and _about(event, case.message))  # type: ignore[union-attr]
        if ended:
            found[case.message.pk] = ended[0]
    return found


def _about(event: DomainEvent, message: Message) -> bool:
    """As flows.about: what happened to another parcel of the order does not end this one's flow."""
    of_parcel = FACTS[event.kind].about == "shipment_id"
    return not of_parcel or message.shipment_id in (None, event.subject)


def _troubled(cases: list[Case]) -> set[UUID]:
    """People who have a parcel in trouble, of whatever order: a delay notice goes before any offer. One query."""
    people = {case.order.customer_id for case in cases if case.order and case.order.customer_id}
    if not people:
        return set()
    parcels = Shipment.objects.filter(NEEDS_EYE, order__customer__in=people, cancelled_at=None).exclude(status__in=ENDED)
    return {person for person in parcels.values_list("order__customer_id", flat=True) if person}


def in_trouble(parcel: Shipment) -> bool:
    """Whether marketing waits for this parcel: the same as _troubled asks of rows."""
    return bool((parcel.health or parcel.status == Status.EXCEPTION) and parcel.status not in ENDED and parcel.cancelled_at is None)


def _digested(cases: list[Case], ruling: Ruling) -> list[Case]:
    """Messages of one step to one order go as one, the first of them, which then speaks of all. Those not yet due come along. One query."""
    alike: dict[tuple[Any, ...], list[Case]] = defaultdict(list)
    for case in cases:
        if case.step and case.step.digest_minutes and case.order:
            alike[case.message.flow_id, case.message.node, case.order.pk].append(case)
    if not alike:
        return cases
    flows, nodes, orders = (set(part) for part in zip(*alike, strict=True))
    others: dict[tuple[Any, ...], list[Message]] = defaultdict(list)
    for message in rows_of(Message, LATER, list(flows), list(nodes), list(orders)):
        others[message.flow_id, message.node, message.order_id].append(message)
    gone: set[UUID] = set()
    for key, mine in alike.items():
        first, rest = mine[0], [*(case.message for case in mine[1:]), *others[key]]
        if rest:
            first.message.context["also"] = [str(one.shipment_id) for one in rest if one.shipment_id]
            Message.objects.filter(pk=first.message.pk).update(context=first.message.context)  # it may be sent by another try
        ruling.ended += [Ended(one, "skip", "in_digest", []) for one in rest]
        gone |= {one.pk for one in rest}
    return [case for case in cases if case.message.pk not in gone]


def _capped(cases: list[Case], now: datetime, ruling: Ruling) -> list[Case]:
    """Marketing takes a slot of its person's bucket, the most urgent first; what finds none waits for the next. Two queries."""
    wanting = [case for case in cases if case.message.stream == Stream.MARKETING]
    if not wanting:
        return cases
    rules = wanting[0].rules
    people = sorted({case.message.to_address for case in wanting})
    _lock(people)
    ours = {case.message.pk for case in wanting}
    taken, ahead = _slots(people, rules, now, ours), _more_urgent(people, now, ours)
    passed = [case for case in cases if case.message.stream != Stream.MARKETING]
    for case in by_urgency(wanting):
        mine = taken[case.message.to_address]
        kept = [now for priority in ahead[case.message.to_address] if priority > case.message.priority]
        free_at = next_slot([*mine, *kept], rules.cap, timedelta(days=rules.cap_days), now)
        if free_at > now:
            ruling.off.append(PutOff(case.message, free_at, "cap"))
        else:
            mine.append(now)
            case.message.slot_at = now
            passed.append(case)
    return passed


def by_urgency(cases: Iterable[Case]) -> list[Case]:
    """The order in which marketing that is due at once may take its person's slots."""
    return sorted(cases, key=lambda one: (-one.message.priority, one.message.due_at))


def next_slot(taken: Iterable[datetime], capacity: int, span: timedelta, now: datetime) -> datetime:
    """When a token bucket has a token, not before `now`: it holds `capacity`, and a token comes back every span / capacity.

    `taken`: when tokens were taken out of the full bucket. A capacity of 0 is no limit.
    """
    if not capacity:
        return now
    each = span / capacity
    level, at = float(capacity), None
    for moment in sorted(taken):
        level = min(capacity, level + ((moment - at) / each if at else 0)) - 1
        at = moment
    level = min(capacity, level + ((now - at) / each if at else 0))
    return now if level >= 1 - 1e-9 else now + each * (1 - level)


def _lock(people: list[str]) -> None:
    """Two workers must not both see the last free slot of a person."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"{merchant_id()}:", people])


def _slots(people: list[str], rules: MessagingRules, now: datetime, ours: set[UUID]) -> dict[str, list[datetime]]:
    """The slots that people's other messages took: one that is tried again does not stand in its own way."""
    since = now - timedelta(days=rules.cap_days)
    found: dict[str, list[datetime]] = defaultdict(list)
    rows = Message.objects.filter(to_address__in=people, slot_at__gt=since).exclude(pk__in=ours).values_list("to_address", "slot_at")
    for person, at in rows:
        if at:
            found[person].append(at)
    return found


def _more_urgent(people: list[str], now: datetime, ours: set[UUID]) -> dict[str, list[int]]:
    """The priorities of marketing that is due to these people and not among ours: it may have the slot that it needs."""
    found: dict[str, list[int]] = defaultdict(list)
    due = Message.objects.filter(to_address__in=people, state=State.DUE, stream=Stream.MARKETING, due_at__lte=now).exclude(pk__in=ours)
    for person, priority in due.values_list("to_address", "priority"):
        found[person].append(priority)
    return found


def put_off(found: Sequence[PutOff]) -> None:
    """Due again later, with the reason. One statement: a night's quiet hours put off all that marketing has."""
    if found:
        told = [msgspec.json.encode(_told(one)).decode() for one in found]
        with connection.cursor() as cursor:
            cursor.execute(PUT_OFF, [[one.message.pk for one in found], [one.until for one in found], told])


def _told(one: PutOff) -> list[dict[str, str]]:
    """What put a message off up to now. The same reason twice running is one entry."""
    told = list(one.message.put_off)
    entry = {"at": clock.business_now().isoformat(), "until": one.until.isoformat(), "why": one.why}
    if told and told[-1]["why"] == one.why:
        entry["at"] = told.pop()["at"]
    return [*told, entry]
