"""Why a message went or did not: what let its order in, each step on the way with its decision, the checks, what put it off."""

from dataclasses import dataclass
from typing import Any

from notifications.definition import Definition
from notifications.flows import began_at, matches
from notifications.models import Decision, Message
from notifications.plans import plan_of
from postpurchase.events import bus
from postpurchase.events.models import DomainEvent

MOST_FACTS = 200  # of an order's story that may have let it in


@dataclass(frozen=True)
class Passed:
    """A step that was passed, and how. `does`: wait, until, split, ab, tag, tell, send, end; '' for one that the version has not."""

    decision: Decision
    does: str


@dataclass(frozen=True)
class Why:
    """The whole story of one message. Outside any flow there is no trigger, no version and no step but its own."""

    message: Message
    trigger: DomainEvent | None
    version: int | None
    steps: list[Passed]
    decision: Decision | None  # its own; None while it waits or is in doubt

    @property
    def put_off(self) -> list[dict[str, Any]]:
        """[{at, until, why}], oldest first."""
        return list(self.message.put_off)


def why(message: Message) -> Why:
    """Read it: at most four queries beyond the message with its enrolment and version."""
    row = message.enrolment
    if row is None:
        return Why(message, None, None, [], Decision.objects.filter(message=message).first())
    plan = plan_of(row.version_id)
    does = {step.id: _does(step) for step in plan.steps}
    decisions = list(Decision.objects.filter(enrolment=row).order_by("id"))
    own = next((one for one in decisions if one.message_id == message.pk or one.node == message.node), None)
    until = decisions.index(own) + 1 if own else len(decisions)
    steps = [Passed(one, does.get(one.node, "")) for one in decisions[:until]]
    return Why(message, _trigger(message, plan), row.version.number, steps, own)


def _does(step: Any) -> str:
    return str(type(step).__struct_config__.tag)


def _trigger(message: Message, plan: Definition) -> DomainEvent | None:
    """The fact that let it in: the one that was true at the moment the enrolment counts from, else the last before it entered."""
    row = message.enrolment
    if row is None:
        return None
    kinds = [trigger.event for trigger in plan.triggers]
    told = DomainEvent.objects.filter(thread=row.order_id, kind__in=kinds, occurred_at__lte=row.entered_at).order_by("-id")[:MOST_FACTS]
    fitting = [event for event in told if _may(event, plan, message)]
    exact = (event for event in fitting if began_at(bus.read(event.kind, event.payload), row.order, row.shipment) == row.trigger_at)
    return next(exact, fitting[0] if fitting else None)


def _may(event: DomainEvent, plan: Definition, message: Message) -> bool:
    fact = bus.read(event.kind, event.payload)
    about = plan.key == "order" or getattr(fact, "shipment_id", None) == message.shipment_id
    return about and any(matches(trigger, fact) for trigger in plan.triggers)
