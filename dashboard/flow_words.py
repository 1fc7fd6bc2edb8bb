"""A flow's steps in people's words: titles, facts, conditions."""

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard import wording
from notifications.definition import Condition, Definition, End, Send, Split, Step, Tag, Tell, Trial, Trigger, Until, Wait
from notifications.definition.conditions import FIELDS, All, Asks, Not, Some
from notifications.models import Stream
from notifications.models.designs import key_of
from orders.models import Order
from postpurchase.ui import words
from postpurchase.ui.badges import badge_for

ANCHORS: Final[wording.Words] = {
    "here": lazy("this step is reached"),
    "trigger": lazy("what started the flow"),
    "placed": lazy("the order"),
    "shipped": lazy("the first parcel is handed over"),
    "delivered": lazy("the last delivery"),
    "estimate": lazy("the expected day"),
}
ASKED: Final[wording.Words] = {
    "order.total": lazy("Order’s total"),
    "order.country": lazy("Country it goes to"),
    "order.postcode": lazy("Postcode"),
    "order.currency": lazy("Currency"),
    "order.channel": lazy("Sales channel"),
    "order.locale": lazy("Language of the order"),
    "order.tags": lazy("Order’s tags"),
    "order.discount_codes": lazy("Discount codes"),
    "order.payment": lazy("Payment"),
    "order.fulfilment": lazy("Shipping state"),
    "order.refunded": lazy("Money was refunded"),
    "order.delivered": lazy("Everything is delivered"),
    "order.items": lazy("Number of items"),
    "lines.skus": lazy("SKUs"),
    "lines.products": lazy("Products, by id"),
    "lines.titles": lazy("Products, by title"),
    "lines.use_days": lazy("Days of use"),
    "lines.weight": lazy("Weight in grams"),
    "shipment.carrier": lazy("Carrier"),
    "shipment.service": lazy("Carrier’s service"),
    "shipment.status": lazy("Parcel’s status"),
    "shipment.substatus": lazy("Parcel’s particulars"),
    "shipment.health": lazy("Parcel’s troubles"),
    "shipment.late": lazy("Parcel is late"),
    "shipment.attempts": lazy("Delivery attempts"),
    "shipment.parcels": lazy("Number of parcels"),
    "customer.orders": lazy("Orders of the customer so far"),
    "customer.tags": lazy("Customer’s tags"),
    "customer.returning": lazy("Has ordered before"),
    "messages.sent": lazy("Messages sent for the order"),
    "messages.clicked": lazy("Messages whose link was followed"),
}
OPS: Final[dict[str, str | Promise]] = {
    "eq": lazy("is exactly"),
    "lt": lazy("is less than"),
    "lte": lazy("is at most"),
    "gt": lazy("is more than"),
    "gte": lazy("is at least"),
    "is": lazy("is"),
    "is_not": lazy("is not"),
    "any_of": lazy("is one of"),
    "contains": lazy("contains"),
    "starts": lazy("begins with"),
    "has_any": lazy("has any of"),
    "has_all": lazy("has all of"),
    "has_none": lazy("has none of"),
}
GOALS: Final[wording.Words] = {"clicked": lazy("A link was followed"), "ordered": lazy("Something was ordered again")}
WEEKDAYS: Final = (lazy("Mon"), lazy("Tue"), lazy("Wed"), lazy("Thu"), lazy("Fri"), lazy("Sat"), lazy("Sun"))
LOOKS: Final[dict[type, tuple[str, str]]] = {
    Wait: ("warn", "hourglass"),
    Until: ("warn", "calendar-clock"),
    Send: ("ok", "mail"),
    Tell: ("bad", "bell"),
    Split: ("info", "split"),
    Trial: ("info", "flask-conical"),
    Tag: ("neutral", "user"),
    End: ("neutral", "circle"),
}
Fact = tuple[str, str]


def currency() -> str:
    """What amounts of conditions are in: the currency of the shop's newest order."""
    newest = Order.objects.newest_first().values_list("shop_currency", flat=True).first()
    return newest or "EUR"


def look(step: Step) -> tuple[str, str]:
    """Tone and icon of a step's tile."""
    tone, icon = LOOKS[type(step)]
    return tone, wording.ICONS.get(step.template, icon) if isinstance(step, Send) else icon


def begins(plan: Definition) -> str:
    """What starts the flow, in a sentence without full stop."""
    first, *others = [trigger(one) for one in plan.triggers]
    return _(" or ").join([first, *map(words.inside, others)])


def trigger(given: Trigger) -> str:
    """An event with its filter."""
    said = wording.plain(wording.EVENTS, given.event)
    if given.event == "shipment.moved" and given.where.get("new"):
        said = _("Parcel %s") % ", ".join(words.inside(str(badge_for(str(status)).word)) for status in given.where["new"])
    if given.event.startswith("shipment.health") and given.where.get("flag"):
        said = _("Parcel %s") % ", ".join(dict.fromkeys(flag(str(one)) for one in given.where["flag"]))
    return _("%s, under conditions") % said if given.when else said


def flag(code: str) -> str:
    """A parcel's trouble, in the middle of a sentence."""
    return words.inside(str(badge_for(wording.FLAG_BADGES.get(code, code)).word))


def length(days: int, minutes: int) -> str:
    """3 days 30 minutes; '' for no time at all."""
    told = [
        (days, ngettext("%(n)s day", "%(n)s days", days)),
        (minutes // 60, ngettext("%(n)s hour", "%(n)s hours", minutes // 60)),
        (minutes % 60, ngettext("%(n)s minute", "%(n)s minutes", minutes % 60)),
    ]
    return " ".join(text % {"n": number} for number, text in told if number)


def waits(step: Wait) -> str:
    """How long a wait is, as its title."""
    if step.on:
        said = _("Wait until %s") % step.on.isoformat()
        return _("%(said)s, %(at)s") % {"said": said, "at": step.at} if step.at else said
    told = _("the product’s days of use") if step.use_days else length(step.days, step.minutes)
    if told and step.before:
        said = _("Wait until %(time)s before %(what)s") % {"time": told, "what": ANCHORS[step.anchor]}
    else:
        said = _("Wait %s") % told if told else _("Wait")
    days = _("on %s") % ", ".join(str(WEEKDAYS[day]) for day in step.weekdays) if step.weekdays else ""
    if not told and step.at:
        return ", ".join(part for part in (_("Wait until %s") % step.at, days) if part)
    return ", ".join(part for part in (said, days, _("until %s") % step.at if step.at else "") if part)


def title(step: Step) -> str:
    """What the step does, in a few words."""
    if isinstance(step, Wait):
        return waits(step)
    if isinstance(step, Send):
        channel = _("SMS “%s”") if step.channel == "sms" else _("Email “%s”")
        return channel % (key_of(step.template) or wording.template(step.template))
    said: dict[type, Callable[[], str]] = {
        Until: lambda: _("Wait until something happens"),
        Tell: lambda: _("Tell the team") if getattr(step, "to", "") == "team" else _("Tell your webhooks"),
        Split: lambda: _("Ask, and go on by the answer"),
        Trial: lambda: _("A/B test"),
        Tag: lambda: _("Tag the customer"),
        End: lambda: _("End"),
    }
    return said[type(step)]()


def quoted(step: Step) -> str:
    """The title inside a sentence, in quotes unless it has some already."""
    said = title(step)
    return said if "“" in said else f"“{said}”"


def under(step: Step, plan: Definition, of: str = "") -> str:
    """The line below the title. `of` is the currency of amounts."""
    if isinstance(step, Send):
        return _("Marketing, needs consent") if plan.stream == "marketing" else _("Order message, needs no consent")
    if isinstance(step, Wait):
        return _or_else(step) or (_usual(step) if step.use_days else "") or (_("on the shopper’s clock") if step.at else "")
    if isinstance(step, Until):
        return awaited(step, of)
    if isinstance(step, Tell):
        return step.text
    if isinstance(step, Split):
        return condition(step.branches[0].when, of)
    if isinstance(step, Trial):
        return _("goal: %s") % words.inside(wording.plain(GOALS, step.goal))
    return tags(step) if isinstance(step, Tag) else ""


def _usual(step: Wait) -> str:
    return ngettext("%(n)s day where no product says", "%(n)s days where no product says", step.days) % {"n": step.days}


def _or_else(step: Wait) -> str:
    if step.missing is None:
        return ""
    after = length(step.missing.days, 0)
    return (_("if it has not come after %s: leaves") if not step.missing.next else _("if it has not come after %s: goes on")) % after


def awaited(step: Until, of: str = "") -> str:
    """What ends the wait."""
    told = [trigger(one) for one in step.events] + ([condition(step.when, of)] if step.when else [])
    return _(" or ").join([*told[:1], *map(words.inside, told[1:])]) or _("nothing is chosen yet")


def tags(step: Tag) -> str:
    """Which go on and which come off."""
    put, off = ", ".join(step.add), ", ".join(step.remove)
    return "; ".join(part for part in (_("puts on %s") % put if put else "", _("takes off %s") % off if off else "") if part)


def ways_of(step: Step) -> list[str]:
    """What each of a fork's ways is called."""
    if isinstance(step, Split):
        return [*(branch.name for branch in step.branches), _("Otherwise")]
    if isinstance(step, Trial):
        held = _("%(name)s, %(share)s %%, held out")
        plain = _("%(name)s, %(share)s %%")
        return [(held if arm.holdout else plain) % {"name": arm.name, "share": arm.share} for arm in step.arms]
    if isinstance(step, Until):
        return [_("It happened"), _("Not within %s") % (length(step.days, step.minutes) or "0")]
    return [_("It came"), _("Not within %s") % length(step.missing.days, 0)] if isinstance(step, Wait) and step.missing else []


def condition(asked: Condition, of: str = "") -> str:
    """A condition as a sentence without full stop."""
    if isinstance(asked, Not):
        return _("not (%s)") % condition(asked.of, of)
    if isinstance(asked, All | Some):
        joined = _(" and ") if isinstance(asked, All) else _(" or ")
        said = [condition(one, of) for one in asked.of]
        inner = [f"({text})" if isinstance(one, All | Some) and len(one.of) > 1 else text for one, text in zip(asked.of, said, strict=True)]
        return joined.join([*inner[:1], *map(words.inside, inner[1:])]) or _("no condition is chosen yet")
    return _asks(asked, of)


def _asks(asked: Asks, of: str) -> str:
    found = FIELDS.get(asked.field)
    name, value = wording.plain(ASKED, asked.field), asked.value
    if not asked.field:
        return _("a condition is not chosen yet")
    if isinstance(value, bool):
        return _("%(name)s: %(answer)s") % {"name": name, "answer": _("yes") if value else _("no")}
    if found and found.kind == "money" and isinstance(value, int):
        value = words.money(value, of or currency())
    shown = ", ".join(_value(asked.field, one) for one in (value if isinstance(value, list) else [str(value)]))
    return f"{name} {OPS.get(asked.op, asked.op)} {shown or '…'}"


def _value(field: str, code: str) -> str:
    """A value as people call it, in the middle of a sentence."""
    if field.startswith("messages."):
        return f"“{key_of(code) or wording.template(code)}”"
    if field == "shipment.status":
        return words.inside(str(badge_for(code).word))
    return flag(code) if field == "shipment.health" else code


def facts(step: Step, plan: Definition, of: str = "") -> list[Fact]:
    """What is told of a step where it is shown alone."""
    if isinstance(step, Wait):
        from_ = "" if step.on else str(ANCHORS[step.anchor])
        return [(_("From"), from_), (_("Until"), step.at or ""), (_("Otherwise"), _usual(step) if step.use_days else _or_else(step))]
    if isinstance(step, Send):
        return _of_send(step, plan)
    if isinstance(step, Until):
        return [(_("Until"), awaited(step, of)), (_("At most"), length(step.days, step.minutes))]
    if isinstance(step, Split):
        return [*((branch.name, condition(branch.when, of)) for branch in step.branches), (_("Otherwise"), _("none of these"))]
    if isinstance(step, Trial):
        judged = _("%(people)s people in each, at %(sure)s %%") % {"people": words.number(step.people), "sure": step.confidence}
        return [(_("Arms"), "; ".join(ways_of(step))), (_("Goal"), wording.plain(GOALS, step.goal)), (_("Judged"), judged)]
    if isinstance(step, Tell):
        return [(_("Says"), step.text)]
    return [(_("Tags"), tags(step))] if isinstance(step, Tag) else []


def _of_send(step: Send, plan: Definition) -> list[Fact]:
    hours = step.useless_after_hours
    useless = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours and hours < 72 else ""
    useless = useless or (_("%s days") % (hours // 24) if hours else "")
    against, hold = checks(step.unless), checks(step.hold_while)
    return [(_("Kind"), str(Stream(plan.stream).label)), (_("Not if"), against), (_("Held while"), hold), (_("Useless after"), useless)]


def checks(names: list[str]) -> str:
    """Named checks, as what would speak against sending."""
    return "; ".join(words.inside(str(wording.CHECKS[name][1])) for name in names if name in wording.CHECKS)
