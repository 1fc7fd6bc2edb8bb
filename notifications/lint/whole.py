"""The check of a whole flow: each of its messages, told at the step that sends it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from notifications.definition import Definition, Send
from notifications.lint.check import at
from notifications.lint.desk import Desk
from notifications.lint.finding import WARNING, Finding
from notifications.models import SmsAccount
from orders.models import Order


class AtStep(NamedTuple):
    """A finding, and the id of the step whose message it is about."""

    step: str
    finding: Finding


def flow(plan: Definition, orders: Iterable[Order] | None = None) -> list[AtStep]:
    """What is wrong with the messages of a flow, in the order of its steps. Errors forbid to publish it.

    `orders`: those that they are tried on; without them, the newest 200 (some milliseconds a message and order); (): none, which takes
    a moment and the same few queries however many steps there are.
    """
    sends = [step for step in plan.steps if isinstance(step, Send)]
    if not sends:
        return []
    desk = Desk(plan.stream, [step.template for step in sends], orders)
    asked = dict.fromkeys((step.template, step.channel) for step in sends)
    found = {one: at(desk, *one) for one in asked}
    texts = [one for one in asked if one[1] == "sms"]
    if texts and not SmsAccount.objects.exists():
        for one in texts:
            found[one].append(_no_account())
    return [AtStep(step.id, one) for step in sends for one in found[step.template, step.channel]]


def _no_account() -> Finding:
    text = _("No provider of text messages is set up: it would not be sent.")
    return Finding(WARNING, "account", text, _("Set one up under Settings, Text messages."))
