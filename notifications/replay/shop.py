"""What a replay is told of the shop, and what a flow listens to."""

from dataclasses import dataclass, field
from typing import Any

from notifications.definition import Definition, Until, Wait
from notifications.flows import MOVERS
from notifications.models import MessagingRules, SmsAccount
from postpurchase.events.catalogue import FACTS


@dataclass
class Shop:
    """What is the same for every order of a merchant."""

    brand: Any
    team: frozenset[str] = frozenset()
    rules: MessagingRules = field(default_factory=MessagingRules)
    texting: SmsAccount | None = None


def heard(plan: Definition) -> frozenset[str]:
    """The facts that can start a flow, move it on or end it; to all others it is deaf."""
    until = [step for step in plan.steps if isinstance(step, Until)]
    if any(step.when for step in until):
        return frozenset(FACTS)  # any fact may have made it true
    waits = any(isinstance(step, Wait) for step in plan.steps)
    kinds = {trigger.event for trigger in plan.triggers} | {one.event for step in until for one in step.events}
    return frozenset(kinds | set(plan.cancel_on) | (MOVERS if waits else frozenset()))
