"""The engine: facts enrol orders and parcels in flows, move them on, and take them out again. In batches: a fact alone is one of one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from notifications.definition import Definition, Send, Trigger, Until, Wait
from notifications.definition.conditions import holds
from notifications.models import Decision, Enrolment, Flow, Message, State
from notifications.pen import Ended, Pen, note, note_ended
from notifications.plans import plan_of
from notifications.sights import Sights
from notifications.walk import Parked
from orders.models import Order
from postpurchase.events.catalogue import Fact
from postpurchase.lib import clock
from tracking.models import Shipment

OPEN = (State.DUE, State.CLAIMED, State.HELD)
MOVERS = frozenset({"shipment.created", "shipment.estimate_changed", "shipment.moved", "order.delivered", "order.changed"})


@dataclass(frozen=True)
class Entry:
    """A fact that may put its subject into a flow."""

    flow_id: UUID
    version_id: UUID
    plan: Definition
    trigger: Trigger
    subject: UUID
    fact: Fact


def route(facts: Iterable[Fact]) -> None:
    """Let facts start what they start, then move on and end what they end. Facts that belong to no order do none of it."""
    mine = [fact for fact in facts if fact.order_id is not None]
    if mine:
        fresh = {row.pk: entry.fact for row, entry in enrol(list(_entries(mine)))}
        _follow(mine, fresh)


def _entries(facts: list[Fact]) -> Iterable[Entry]:
    flows = list(Flow.objects.filter(enabled=True, live__isnull=False).order_by("position").values_list("pk", "live_id"))
    for fact in facts:
        for flow_id, version_id in flows:
            plan = plan_of(version_id)
            subject = fact.order_id if plan.key == "order" else getattr(fact, "shipment_id", None)
            for trigger in plan.triggers:
                if subject and matches(trigger, fact):
                    yield Entry(flow_id, version_id, plan, trigger, subject, fact)


def matches(trigger: Trigger, fact: Fact) -> bool:
    """Whether it is the event, and each named field of it has one of the listed values. Conditions are asked apart."""
    return trigger.event == fact.kind and all(getattr(fact, field, None) in values for field, values in trigger.where.items())


def enrol(entries: list[Entry]) -> list[tuple[Enrolment, Entry]]:
    """Put orders and parcels into flows, once each, and let each go to where it first rests."""
    fresh = _unknown(entries)
    if not fresh:
        return []
    orders = Order.objects.in_bulk({entry.fact.order_id for entry in fresh})
    shipments = Shipment.objects.in_bulk({pk for entry in fresh if (pk := getattr(entry.fact, "shipment_id", None))})
    pen = Pen(orders, [entry.plan for entry in fresh])
    made: dict[tuple[UUID, UUID], tuple[Enrolment, Entry]] = {}
    lately = _lately(fresh, orders)
    for entry in fresh:
        row = _enrolment(entry, orders, shipments)
        key = (entry.flow_id, entry.subject)
        if key not in made and _rested(entry, lately, orders) and _wanted(entry, row, pen.sights):
            made[key] = (row, entry)
            if person := _person(entry, orders):
                lately[entry.flow_id, person] = clock.business_now()
            pen.go(row, entry.plan, entry.plan.start)
    pen.save(lambda: Enrolment.objects.bulk_create([row for row, _ in made.values()]))
    return list(made.values())


def _unknown(entries: list[Entry]) -> list[Entry]:
    """Entries whose subject has never been in the flow. A subject may have several, until the first whose condition holds."""
    subjects = {entry.subject for entry in entries}
    known = set(Enrolment.objects.filter(subject__in=subjects).values_list("flow_id", "subject")) if subjects else set()
    plain: dict[tuple[UUID, UUID], Entry] = {}
    asked: list[Entry] = []
    for entry in entries:
        key = (entry.flow_id, entry.subject)
        if key in known:
            continue
        if entry.trigger.when:
            asked.append(entry)
        else:
            plain.setdefault(key, entry)
    return [*plain.values(), *asked]


def _lately(entries: list[Entry], orders: dict[UUID, Order]) -> dict[tuple[UUID, UUID], datetime]:
    """(flow, person) -> when they were last in it, of the flows that mind."""
    minding = [entry for entry in entries if entry.plan.person_gap_days]
    if not minding:
        return {}
    people = {person for entry in minding if (person := _person(entry, orders))}
    rows = Enrolment.objects.filter(flow__in={entry.flow_id for entry in minding}, order__customer__in=people).order_by("entered_at")
    return {(flow, person): at for flow, person, at in rows.values_list("flow_id", "order__customer_id", "entered_at")}


def _rested(entry: Entry, lately: dict[tuple[UUID, UUID], datetime], orders: dict[UUID, Order]) -> bool:
    """Whether the person has been out of the flow for as long as it minds."""
    gap, person = timedelta(days=entry.plan.person_gap_days), _person(entry, orders)
    last = lately.get((entry.flow_id, person)) if gap and person else None
    return last is None or last <= clock.business_now() - gap


def _person(entry: Entry, orders: dict[UUID, Order]) -> UUID | None:
    return orders[entry.fact.order_id].customer_id  # type: ignore[index]


def _wanted(entry: Entry, row: Enrolment, sights: Sights) -> bool:
    return entry.trigger.when is None or holds(entry.trigger.when, sights.facts_of(row))


def _enrolment(entry: Entry, orders: dict[UUID, Order], shipments: dict[UUID, Shipment]) -> Enrolment:
    order = orders[entry.fact.order_id]  # type: ignore[index]
    shipment = shipments.get(getattr(entry.fact, "shipment_id", None))  # type: ignore[arg-type]
    began = began_at(entry.fact, order, shipment)
    return Enrolment(
        flow_id=entry.flow_id, version_id=entry.version_id, subject=entry.subject, order=order, shipment=shipment, trigger_at=began
    )


def began_at(fact: Fact, order: Order, shipment: Shipment | None) -> datetime:
    """When the thing itself happened, which may be long before we were told."""
    told = getattr(fact, "at", None)
    if isinstance(told, datetime):
        return told
    if fact.kind == "order.placed":
        return order.placed_at
    if fact.kind == "shipment.created" and shipment:
        return shipment.shipped_at or shipment.created_at
    return clock.business_now()


def _follow(facts: list[Fact], fresh: dict[UUID, Fact]) -> None:
    """What facts mean for those who are in flows already: it ends, it was waited for, or it moved what is waited for.

    What came before the fact that put somebody in, in the same batch, was not waited for.
    """
    of_order: dict[UUID | None, list[Fact]] = defaultdict(list)
    for fact in facts:
        of_order[fact.order_id].append(fact)
    active = Enrolment.objects.filter(order_id__in=list(of_order), state=Enrolment.ACTIVE)
    ends: dict[UUID, str] = {}
    on: dict[UUID, str] = {}
    for pk, order_id, shipment_id, version_id, node in active.values_list("pk", "order_id", "shipment_id", "version_id", "node"):
        plan, mine = plan_of(version_id), of_order[order_id]
        because = next((fact.kind for fact in mine if fact.kind in plan.cancel_on and about(fact, shipment_id)), "")
        if because:
            ends[pk] = because
            continue
        later = mine[mine.index(fresh[pk]) + 1 :] if pk in fresh else mine
        happened = waited_for(plan, node, [fact for fact in later if about(fact, shipment_id)])
        if happened is not None:
            on[pk] = happened
    if ends:
        leave({row: ends[row.pk] for row in Enrolment.objects.filter(pk__in=ends)})
    if on:
        go_on(list(Enrolment.objects.filter(pk__in=on).select_related("order")), on)


def about(fact: Fact, shipment_id: UUID | None) -> bool:
    """Whether a fact can be about an enrolment's parcel; one about no parcel is about all of the order's."""
    told = getattr(fact, "shipment_id", None)
    return told is None or shipment_id is None or told == shipment_id


def waited_for(plan: Definition, node: str, facts: list[Fact]) -> str | None:
    """The event that the step waits for; '' where something may have moved that it looks at; None for neither."""
    step = next((one for one in plan.steps if one.id == node), None)
    if isinstance(step, Until):
        found = next((fact.kind for fact in facts if any(matches(one, fact) for one in step.events)), None)
        return found if found or step.when is None or not facts else ""
    moved = isinstance(step, Wait) and any(fact.kind in MOVERS for fact in facts)
    return "" if moved else None


def go_on(rows: list[Enrolment], happened: dict[UUID, str]) -> None:
    """Look again at enrolments that wait at a step without a message; `happened`: the event that each waited for, or ''."""
    _go((row, row.node, Parked(row.wake_at, happened.get(row.pk, ""))) for row in rows)


def _go(starts: Iterable[tuple[Enrolment, str, Parked | None]]) -> None:
    """Let each enrolment go on from a step, and write down where they come to rest."""
    found = list(starts)
    if not found:
        return
    rows = [row for row, _, _ in found]
    plans = {row.pk: plan_of(row.version_id) for row in rows}
    pen, done = Pen({row.order_id: row.order for row in rows}, plans.values()), done_of(rows)
    for row, node, parked in found:
        pen.go(row, plans[row.pk], node, parked, done.get(row.pk, frozenset()))
    pen.save(lambda: Enrolment.objects.bulk_update(rows, ["node", "state", "wake_at"]))


def done_of(rows: list[Enrolment]) -> dict[UUID, frozenset[str]]:
    """The steps that each has behind it."""
    found: dict[UUID, set[str]] = {}
    for pk, node in Decision.objects.filter(enrolment__in=[row.pk for row in rows]).values_list("enrolment_id", "node"):
        found.setdefault(pk, set()).add(node)
    return {pk: frozenset(nodes) for pk, nodes in found.items()}


def leave(leaving: dict[Enrolment, str]) -> None:
    """End enrolments early, each for a reason: what is planned and not yet being handed over is cancelled with it. A few statements."""
    by_reason: dict[str, list[Enrolment]] = defaultdict(list)
    for row, because in leaving.items():
        by_reason[because].append(row)
    for because, rows in by_reason.items():
        Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(state=Enrolment.LEFT, left_because=because, wake_at=None)
        waiting = list(Message.objects.filter(enrolment__in=rows, state__in=OPEN).select_for_update().order_by("pk"))
        gone = Message.objects.filter(pk__in=[message.pk for message in waiting])
        gone.update(state=State.CANCELLED, reason=because, lease_token=None, lease_until=None)
        note_ended(Ended(message, "cancel", because, []) for message in waiting)
        at_rest = [row for row in rows if row.node and not isinstance(plan_of(row.version_id).step(row.node), Send)]
        note(Decision(enrolment=row, node=row.node, verdict="cancel", reason=because) for row in at_rest)


def move_on(messages: Iterable[UUID]) -> None:
    """The steps of these messages are over: their enrolments go on to the next step, or finish."""
    ids = list(messages)
    waiting = Enrolment.objects.filter(messages__in=ids, state=Enrolment.ACTIVE).select_related("order").distinct()
    nodes = dict(Message.objects.filter(pk__in=ids).values_list("enrolment_id", "node"))
    here = [row for row in waiting if row.node == nodes[row.pk]]
    following = {row.pk: plan_of(row.version_id).step(row.node).next or "" for row in here}  # type: ignore[union-attr] # a Send
    Enrolment.objects.filter(pk__in=[pk for pk, after in following.items() if not after]).update(state=Enrolment.FINISHED)
    _go((row, following[row.pk], None) for row in here if following[row.pk])
