"""The engine in memory: facts in the order of time let orders into one flow, move them on, and take them out; messages meet their guards.

It says what notifications/flows.py, awake.py and prepare.py do to rows, with the same triggers, walk and guards. What a mail server
answers cannot be known beforehand: here it takes everything.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from notifications import guards
from notifications.arbiter import PutOff
from notifications.cases import Case
from notifications.definition import Definition, Send, Tag, Tell, Trigger
from notifications.definition.conditions import holds
from notifications.flows import about, began_at, matches, waited_for
from notifications.models import Enrolment, Message
from notifications.pen import address_of, tagged, told
from notifications.plans import name_of
from notifications.replay.between import Between
from notifications.replay.life import Letter, Life, Moment
from notifications.replay.seen import Seen
from notifications.replay.shop import Shop, heard
from notifications.replay.world import Happening, World
from notifications.walk import Parked, Rest, walk_past
from postpurchase.events.catalogue import Fact, MessageSent
from postpurchase.lib import clock

WAKE, SEND = 0, 1
Decide = Callable[[Case, datetime], tuple[str, str, list[dict[str, Any]]]]


@dataclass
class Replay:
    """One flow's life over some orders' worlds: those of one person, where it has to mind what else the person gets."""

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
        self.lately = self._before()  # when each person last entered, where the flow minds
        self.between = Between(worlds, self.flow_id, self.shop.rules)
        self.seen.forget()
        if happenings:
            with clock.frozen(happenings[0].at) as hands:
                self._live(hands, happenings, until)
        return self.moments

    def _before(self) -> dict[Any, datetime]:
        """Entries of people's orders that are not lived through again."""
        found: dict[Any, datetime] = {}
        for world in self.worlds.values():
            for at in world.entered:
                found[world.order.customer_id] = max(at, found.get(world.order.customer_id, at))
        return found

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
        facts, many = [], len(happenings)
        while place < many and (one := happenings[place]).at == now:
            fact = one.fact
            if world := self.worlds.get(cast(UUID, fact.order_id)):
                world.take(one)
                if fact.kind in self.starts or (self.lives and fact.kind in self.heard):
                    facts.append(fact)
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
            because = next((fact.kind for fact in mine if fact.kind in self.plan.cancel_on and about(fact, life.shipment_id)), "")
            if because:
                self._leave(life, because, now)
                continue
            later = mine[mine.index(fresh[life.subject]) + 1 :] if life.subject in fresh else mine
            happened = waited_for(self.plan, life.node, [fact for fact in later if about(fact, life.shipment_id)])
            if happened is not None:
                self._go(life, life.node, now, Parked(life.wake_at, happened))

    def _enrol(self, facts: list[Fact], now: datetime) -> dict[UUID, Fact]:
        fresh: dict[UUID, Fact] = {}
        mine = [fact for fact in facts if not self.worlds[cast(UUID, fact.order_id)].aside]
        tries = [(trigger, fact) for fact in mine for trigger in self.plan.triggers if matches(trigger, fact)]
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
            node=step.id, template=step.template, stream=self.plan.stream, channel=step.channel, test=order.test, order_id=order.pk,
            to_address=address_of(order, step.channel), priority=step.priority, place=self.count,
            shipment_id=life.shipment_id, due_at=rest.due, expires_at=rest.expires, enrolment=life, enrolment_id=life.subject,
        )  # fmt: skip
        life.letter = letter
        self.moments.append(Moment(now, "planned", life, step.id, letter=letter, due=rest.due))
        self._at(max(rest.due, now), SEND, life)

    def _at(self, when: datetime, what: int, life: Life) -> None:
        self.count += 1
        heapq.heappush(self.timers, (when, what, self.count, life))

    def _fire(self, now: datetime) -> None:
        """A wait that is over, or the messages that are due; what has changed since it was set finds its own later timer."""
        _, what, _, life = heapq.heappop(self.timers)
        if what == WAKE:
            if life.state == Enrolment.ACTIVE and life.wake_at and life.wake_at <= now:
                self._go(life, life.node, now, Parked(life.wake_at))
            return
        due = {life.subject: life}
        while self.timers and self.timers[0][:2] == (now, SEND):
            other = heapq.heappop(self.timers)[3]
            due[other.subject] = other
        waiting = [(one, one.letter) for one in due.values() if one.state == Enrolment.ACTIVE and one.letter and one.letter.waits]
        ready = [(one, letter) for one, letter in waiting if letter.due_at <= now]
        self._send(sorted(ready, key=lambda one: (one[1].due_at, one[1].place)), now)

    def _send(self, ready: list[tuple[Life, Letter]], now: datetime) -> None:
        """As prepare and the arbiter: all that is due at once meets its guards, then one another."""
        cases = [(life, letter, self._case(life, letter, now)) for life, letter in ready]
        judged = [(*one, *self.decide(one[2], now)) for one in cases]
        may = [(letter.enrolment_id, case) for _, letter, case, told, *_ in judged if told == "send"]
        off = {pk: wait for pk, case in may if (wait := self.between.waits(case, now))}
        going = [case for pk, case in may if pk not in off]
        with_others = self._digest(going, {letter.enrolment_id for _, letter in ready}, now)
        going = [case for case in going if case.message.enrolment_id not in with_others]
        off |= {wait.message.enrolment_id: wait for wait in self.between.capped(going, now)}  # type: ignore[misc]
        for life, letter, _case, verdict, reason, checks in judged:
            if wait := off.get(letter.enrolment_id):
                self._put_off(life, letter, wait, now)
            elif letter.enrolment_id not in with_others:
                self._decided(life, letter, Moment(now, "decided", life, letter.node, verdict, reason, checks, letter))

    def _case(self, life: Life, letter: Letter, now: datetime) -> Case:
        world = life.world
        return Case(
            message=cast(Message, letter), brand=self.shop.brand, order=world.order, shipments=world.parcels, plan=self.plan,
            suppressed=world.suppressed(letter.channel, now), consent=world.consent(letter.channel, now), team=self.shop.team,
            rules=self.shop.rules, lines=self.seen.lines(world), newest_order=world.newest_order(now), texting=self.shop.texting,
        )  # fmt: skip

    def _put_off(self, life: Life, letter: Letter, wait: PutOff, now: datetime) -> None:
        letter.due_at = wait.until
        letter.put_off.append({"at": now.isoformat(), "until": wait.until.isoformat(), "why": wait.why})
        self._at(wait.until, SEND, life)

    def _decided(self, life: Life, letter: Letter, moment: Moment) -> None:
        """Its visit is over: sent, or not."""
        letter.waits, now = False, moment.at
        life.done.add(letter.node)
        self.moments.append(moment)
        if moment.verdict == "send":
            life.world.written.append((now, letter.template))
            if MessageSent.kind in self.heard:
                self.route([MessageSent(message_id=life.subject, order_id=life.order_id)], now)
        if life.state == Enrolment.ACTIVE and life.node == letter.node:
            self._after(life, letter, now)

    def _digest(self, going: list[Case], due: set[UUID], now: datetime) -> set[UUID]:
        """As the arbiter: what waits at the same step for the same order goes with the first of them, also if it is not due yet. Of what
        is `due` at once only what may go: the rest has its own verdict.
        """
        gone: set[UUID] = set()
        may = {cast(Letter, case.message).enrolment_id for case in going}
        for case in going:
            letter = cast(Letter, case.message)
            if letter.enrolment_id in gone or not cast(Send, self.plan.step(letter.node)).digest_minutes:
                continue
            for other in [one for one in self.lives.values() if one is not letter.enrolment and one.order_id == letter.order_id]:
                mine = other.letter if other.subject in may or other.subject not in due else None
                if other.state == Enrolment.ACTIVE and mine and mine.waits and mine.node == letter.node:
                    gone.add(other.subject)
                    self._decided(other, mine, Moment(now, "decided", other, mine.node, "skip", "in_digest", [], mine))
        return gone

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
