"""What default flows are made of: what ends all of them, and the forms that several have."""

from dataclasses import dataclass

from notifications.definition import Condition, Definition, Send, Step, Trigger, Wait
from notifications.definition.conditions import Asks

ENDS = ["order.cancelled"]
ENDS_ASKING = [*ENDS, "order.refunded_whole"]  # of messages that ask for something
DAY = 24  # hours
MORNING = "10:00"


@dataclass(frozen=True)
class Default:
    """A flow as it is shipped. `on`: how a new merchant has it."""

    key: str
    name: str
    purpose: str
    definition: Definition
    on: bool = True


def asks(field: str, op: str, value: bool | int | str | list[str]) -> Condition:
    """A condition on one field."""
    return Asks(field=field, op=op, value=value)


def moved(*statuses: str) -> Trigger:
    """A parcel comes into one of the statuses."""
    return Trigger(event="shipment.moved", where={"new": [*statuses]})


def of_order(*steps: Step, starts: list[Trigger], ends: list[str] = ENDS) -> Definition:
    """News of an order: once for each."""
    return Definition(triggers=starts, key="order", stream="transactional", steps=[*steps], cancel_on=ends)


def of_parcel(*steps: Step, starts: list[Trigger]) -> Definition:
    """News of a parcel: once for each."""
    return Definition(triggers=starts, key="shipment", stream="transactional", steps=[*steps], cancel_on=ENDS)


def news(template: str, *, id: str = "email", hours: int = 72, unless: tuple[str, ...] = ("overtaken",), digest: int = 0) -> Send:
    """A message about a parcel, useless after so many hours, and unless the parcel is further than it says."""
    return Send(id=id, template=template, unless=[*unless], useless_after_hours=hours, digest_minutes=digest)


def asking(*steps: Step, starts: str = "order.delivered", gap: int = 0) -> Definition:
    """Marketing about an order that has come, over with a cancellation or when all its money went back."""
    return Definition(
        triggers=[Trigger(event=starts)], key="order", stream="marketing", steps=[*steps], cancel_on=ENDS_ASKING,
        person_gap_days=gap,
    )  # fmt: skip


def request(template: str, *unless: str, id: str = "email", days: int = 60, priority: int = 5) -> Send:
    """A marketing message, held back while a parcel of the order is in trouble; never for an order that came in as history."""
    guards = ["refunded", "imported", *unless]
    return Send(id=id, template=template, unless=guards, hold_while=["problem_open"], useless_after_hours=days * DAY, priority=priority)


def after_delivery(days: int, *, use_days: bool = False) -> Wait:
    """So many days from the last delivery, then until the morning; or the products' own days of use, `days` where none says."""
    return Wait(id="wait", days=days, use_days=use_days, anchor="delivered", at=MORNING)
