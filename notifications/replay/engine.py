"""The engine in memory: facts in the order of time let orders into one flow, move them on, and take them out; messages meet their guards.

It says what notifications/flows.py, awake.py and prepare.py do to rows, with the same triggers, walk and guards. What a mail server
answers cannot be known beforehand: here it takes everything.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from notifications import arbiter, guards
from notifications.cases import Case
from notifications.definition import Definition, Send, Tag, Tell, Trigger, Until, Wait
from notifications.definition.conditions import holds
from notifications.flows import MOVERS, about, began_at, matches, waited_for
from notifications.models import Channel, Enrolment, Message, MessagingRules, SmsAccount
from notifications.pen import tagged, told
from notifications.plans import name_of
from notifications.replay.life import Letter, Life, Moment
from notifications.replay.seen import Seen
from notifications.replay.world import Happening, World
from notifications.sms import phones
from notifications.walk import Parked, Rest, walk_past
from postpurchase.events.catalogue import FACTS, Fact, MessageSent
from postpurchase.lib import clock

WAKE, SEND = 0, 1
Decide = Callable[[Case, datetime], tuple[str, str, list[dict[str, Any]]]]


@dataclass
class Shop:
    """What is the same for every order of a merchant."""

    brand: Any
    team: frozenset[str] = frozenset()
    rules: MessagingRules = field(default_factory=MessagingRules)
    texting: SmsAccount | None = None


def address_of(order: Any, channel: str) -> str:
    """Where messages by that channel go, as pen.py writes it on them; '' where there is none."""
    return phones.e164(order.phone, order.ship_country) if channel == Channel.SMS else order.email or ""


def heard(plan: Definition) -> frozenset[str]:
    """The facts that can start a flow, move it on or end it; to all others it is deaf."""
    until = [step for step in plan.steps if isinstance(step, Until)]
    if any(step.when for step in until):
        return frozenset(FACTS)  # any fact may have made it true
    waits = any(isinstance(step, Wait) for step in plan.steps)
    kinds = {trigger.event for trigger in plan.triggers} | {one.event for step in until for one in step.events}
    return frozenset(kinds | set(plan.cancel_on) | (MOVERS if waits else frozenset()))


@dataclass
class Replay:
    """One flow's life over some orders' worlds: those of one person, where the flow minds its people's gap."""

    plan: Definition
    flow_id: UUID
    shop: Shop
    decide: Decide = guards.decide  # the seam for what puts messages off: notifications/arbiter.py

    def __post_init__(self) -> None:
        self.name = name_of(self.flow_id)
        self.starts = frozenset(trigger.event for trigger in self.plan.triggers)
        self.heard = heard(self.plan)
        self.seen = Seen(self.plan, self.shop.brand)

    def run(self, worlds: dict[UUID, World], happenings: Sequence[Happening], until: datetime) -> list[Moment]:
        """Let it all happen, oldest first, and what follows from it up to `until`. Happenings are sorted by time.

        Each run begins anew: one replay serves many orders, one after the other.
        """
        self.worlds, self.timers, self.count = worlds, list[tuple[datetime, int, int, Life]](), 0
        self.lives: dict[UUID, Life] = {}
        self.moments: list[Moment] = []
        self.kept_out: list[Trigger] = []  # whose event came while their condition did not hold, each once
        self.lately: dict[Any, datetime] = {}  # when each person last entered, where the flow minds
        self.seen.forget()
        if happenings:
            with clock.frozen(happenings[0].at) as hands:
                self._live(hands, happenings, until)
        return self.moments

    def _live(self, hands: clock.Hands, happenings: Sequence[Happening], until: datetime) -> None:
        place, many = 0, len(happenings)
        while place < many or self.timers:
            timer = self.timers[0][0] if self.timers else None
            told = place < many and (timer is None or happenings[place].at <= timer)
            now = happenings[place].at if told else cast(datetime, timer)
            if now > until:
                break
            self.seen.now = hands.at = now
            if told:
                place = self._happen(happenings, place, now)
            else:
                self._fire(now)

    def _happen(self, happenings: Sequence[Happening], place: int, now: datetime) -> int:
        """All that became true at once, as one relayed batch."""
        facts = []
        while place < len(happenings) and happenings[place].at == now:
            one = happenings[place]
            if world := self.worlds.get(cast(UUID, one.fact.order_id)):
                world.take(one)
                if one.fact.kind in self.starts or (self.lives and one.fact.kind in self.heard):
                    facts.append(one.fact)
            place += 1
        if facts:
            self.route(facts, now)
        return place

    def route(self, facts: list[Fact], now: datetime) -> None:
        """As flows.route: facts start what they start, then move on and end what they end."""
        fresh = self._enrol(facts, now)
        for life in list(self.lives.values()):
            if life.state != Enrolment.ACTIVE:
                continue
            mine = [fact for fact in facts if fact.order_id == life.order_id]
            because = next((fact.kind for fact in mine if fact.kind in self.plan.cancel_on), "")
            if because:
                self._leave(life, because, now)
                continue
            later = mine[mine.index(fresh[life.subject]) + 1 :] if life.subject in fresh else mine
            happened = waited_for(self.plan, life.node, [fact for fact in later if about(fact, life.shipment_id)])
            if happened is not None:
                self._go(life, life.node, now, Parked(life.wake_at, happened))

    def _enrol(self, facts: list[Fact], now: datetime) -> dict[UUID, Fact]:
        fresh: dict[UUID, Fact] = {}
        tries = [(trigger, fact) for fact in facts for trigger in self.plan.triggers if matches(trigger, fact)]
        for trigger, fact in sorted(tries, key=lambda one: one[0].when is not None):  # those without a condition first
            subject = fact.order_id if self.plan.key == "order" else getattr(fact, "shipment_id", None)
            person = self.worlds[cast(UUID, fact.order_id)].order.customer_id
            if subject and subject not in self.lives and self._rested(person, now):
                life = self._life(trigger, fact, subject, now)
                if trigger.when is None or holds(trigger.when, self._facts(life)):
                    self.lives[subject], fresh[subject], self.lately[person] = life, fact, now
                    self.moments.append(Moment(now, "entered", life, reason=fact.kind))
                    self._go(life, self.plan.start, now)
                elif trigger not in self.kept_out:
                    self.kept_out.append(trigger)
        return fresh

    def _rested(self, person: UUID | None, now: datetime) -> bool:
        """As flows: whether the person has been out of the flow for as long as it minds."""
        gap, last = timedelta(days=self.plan.person_gap_days), self.lately.get(person) if person else None
        return not gap or last is None or last <= now - gap

    def _life(self, trigger: Trigger, fact: Fact, subject: UUID, now: datetime) -> Life:
        world = self.worlds[cast(UUID, fact.order_id)]
        shipment_id = getattr(fact, "shipment_id", None)
        parcel = world.parcel(shipment_id) if shipment_id else None
        began = began_at(fact, world.order, parcel)
        return Life(world, self.flow_id, subject, world.order.pk, shipment_id, began, now, fact.kind)

    def _facts(self, life: Life) -> dict[str, Any]:
        self.seen.look(life.world)
        return self.seen.facts_of(cast(Enrolment, life))

    def _go(self, life: Life, node: str, now: datetime, parked: Parked | None = None) -> None:
        """As Pen.go: on from a step to where it rests next."""
        self.seen.look(life.world)
        sight = self.seen.of(cast(Enrolment, life))
        rest = walk_past(self.plan, node, sight, frozenset(life.done), flow=self.name, parked=parked)
        for visit in rest.visits:
            life.done.add(visit.node)
            self.moments.append(Moment(now, "passed", life, visit.node, visit.verdict, visit.reason))
        life.node, life.wake_at = rest.node, rest.wake
        if rest.over:
            life.state = Enrolment.FINISHED
            self.moments.append(Moment(now, "over", life))
        elif rest.send:
            self._plan(life, rest.send, rest, now)
        else:
            self.moments.append(Moment(now, "rests", life, rest.node, due=rest.wake))
            if rest.wake:
                self._at(max(rest.wake, now), WAKE, life)
        self._acts(life, rest.acts, now)

    def _acts(self, life: Life, acts: Iterable[Tell | Tag], now: datetime) -> None:
        facts: list[Fact] = []
        for act in acts:
            if isinstance(act, Tag):
                life.world.tags = tagged(life.world.tags, act)
            else:
                ids = {"order_id": life.order_id, "enrolment_id": life.subject, "shipment_id": life.shipment_id}
                facts.append(told(act, flow_id=self.flow_id, **ids))
        if facts:
            self.route(facts, now)

    def _plan(self, life: Life, step: Send, rest: Rest, now: datetime) -> None:
        order = life.world.order
        letter = Letter(
            node=step.id, template=step.template, stream=self.plan.stream, channel=step.channel,
            to_address=address_of(order, step.channel), test=order.test, order_id=order.pk,
            shipment_id=life.shipment_id, due_at=rest.due, expires_at=rest.expires, enrolment=life, enrolment_id=life.subject,
        )  # fmt: skip
        life.letter = letter
        self.moments.append(Moment(now, "planned", life, step.id, letter=letter, due=rest.due))
        self._at(max(rest.due, now), SEND, life)

    def _at(self, when: datetime, what: int, life: Life) -> None:
        self.count += 1
        heapq.heappush(self.timers, (when, what, self.count, life))

    def _fire(self, now: datetime) -> None:
        """A wait that is over, or a message that is due; what has changed since it was set finds its own later timer."""
        _, what, _, life = heapq.heappop(self.timers)
        if life.state != Enrolment.ACTIVE:
            return
        if what == WAKE:
            if life.wake_at and life.wake_at <= now:
                self._go(life, life.node, now, Parked(life.wake_at))
        elif life.letter and life.letter.waits and life.letter.due_at <= now:
            self._send(life, life.letter, now)

    def _send(self, life: Life, letter: Letter, now: datetime) -> None:
        world, letter.waits = life.world, False
        case = Case(
            message=cast(Message, letter), brand=self.shop.brand, order=world.order, shipments=world.parcels, plan=self.plan,
            suppressed=world.suppressed(now, letter.channel), consent=world.consent(now, letter.channel), team=self.shop.team,
            rules=self.shop.rules, texting=self.shop.texting, lines=self.seen.lines(world),
            newest_order=max((at for at in world.placed_before if at <= now), default=None),
        )  # fmt: skip
        verdict, reason, checks = self.decide(case, now)
        if verdict == "send" and (later := arbiter.waits(case, now, set())):
            letter.waits, letter.due_at = True, later.until
            letter.put_off.append({"at": now.isoformat(), "until": later.until.isoformat(), "why": later.why})
            self._at(later.until, SEND, life)
            return
        life.done.add(letter.node)
        self.moments.append(Moment(now, "decided", life, letter.node, verdict, reason, checks, letter))
        if verdict == "send":
            self._digest(life, letter, now)
            world.written.append((now, letter.template))
            if MessageSent.kind in self.heard:
                self.route([MessageSent(message_id=life.subject, order_id=life.order_id)], now)
        if life.state == Enrolment.ACTIVE and life.node == letter.node:
            self._after(life, letter, now)

    def _digest(self, life: Life, letter: Letter, now: datetime) -> None:
        """As the arbiter: what waits at the same step for the same order goes with this one."""
        if not cast(Send, self.plan.step(letter.node)).digest_minutes:
            return
        for other in [one for one in self.lives.values() if one is not life and one.order_id == life.order_id]:
            mine = other.letter
            if other.state == Enrolment.ACTIVE and mine and mine.waits and mine.node == letter.node:
                mine.waits = False
                other.done.add(mine.node)
                self.moments.append(Moment(now, "decided", other, mine.node, "skip", "in_digest", [], mine))
                self._after(other, mine, now)

    def _after(self, life: Life, letter: Letter, now: datetime) -> None:
        """As flows.move_on: the step is over."""
        step = cast(Send, self.plan.step(letter.node))
        if step.next:
            self._go(life, step.next, now)
        else:
            life.state = Enrolment.FINISHED
            self.moments.append(Moment(now, "over", life))

    def _leave(self, life: Life, because: str, now: datetime) -> None:
        """As flows.leave: what is planned is cancelled, with the reason."""
        life.state, life.wake_at = Enrolment.LEFT, None
        if life.letter and life.letter.waits:
            life.letter.waits = False
            life.done.add(life.letter.node)
            self.moments.append(Moment(now, "decided", life, life.letter.node, "cancel", because, letter=life.letter))
        elif life.node:
            life.done.add(life.node)
            self.moments.append(Moment(now, "passed", life, life.node, "cancel", because))
        self.moments.append(Moment(now, "left", life, reason=because))
