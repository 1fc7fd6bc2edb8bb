"""Conditions and triggers as boxes of controls: drawn from a definition, and read back from what was posted.

Controls are named by their place: "c.0.field" is the field of the first condition in the box "c".
"""

import json
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from msgspec.structs import replace

from dashboard import flow_words, wording
from notifications.definition import Condition, Trigger
from notifications.definition.conditions import FIELDS, LISTED, OPS, All, Asks, Not, Some
from postpurchase.lib import money
from postpurchase.ui.badges import badge_for
from tracking.models import Status

MOST = 20
Box = dict[str, Any]
HEALTH = "no_scan_after_label", "stalled", "late_vs_promise", "late_vs_edd", "repeated_attempts", "pickup_expiring", "conflict"
EVENTS = (*wording.EVENTS, "shipment.health_resolved")
ONLY: dict[str, tuple[str, str | Promise]] = {  # a fact that may be yes or no, and what its yes is called
    "shipment.estimate_changed": ("slipped", lazy("Only if it is later than what was first said")),
    "order.refunded": ("full", lazy("Only if everything was refunded")),
}
ONE_OF = {"shipment.moved": "new", "shipment.health_opened": "flag", "shipment.health_resolved": "flag"}
NOT_CHOSEN = Asks(field="", op="", value="")


class Unreadable(ValueError):
    """Something that was entered is no value of its field. The text says which, and what is wanted."""


def condition_box(asked: Condition | None, name: str, currency: str, *, nested: bool = False) -> Box:
    """A group of conditions as controls; an empty one where there is none."""
    group = asked if isinstance(asked, All | Some) else All(of=[asked] if asked else [])
    rows = [_row(one, f"{name}.{at}", currency) for at, one in enumerate(group.of)]
    return {"name": name, "any": isinstance(group, Some), "rows": rows, "nested": nested}


def _row(asked: Condition, name: str, currency: str) -> Box:
    if isinstance(asked, All | Some):
        return {"kind": "group", "name": name, "box": condition_box(asked, name, currency, nested=True)}
    if isinstance(asked, Not):
        kept = json.dumps(msgspec.to_builtins(asked))
        return {"kind": "kept", "name": name, "said": flow_words.condition(asked, currency), "kept": kept}
    found = FIELDS.get(asked.field)
    ops = OPS[found.kind] if found else ()
    return {
        "kind": "row",
        "name": name,
        "fields": [(key, word, key == asked.field) for key, word in flow_words.ASKED.items()],
        "ops": [(op, flow_words.OPS[op], op == asked.op) for op in ops],
        "control": _control(asked, currency),
        "chosen": bool(found),
    }


def _control(asked: Asks, currency: str) -> Box:
    found, value = FIELDS.get(asked.field), asked.value
    if found is None:
        return {"kind": "none"}
    if found.kind == "flag":
        return {"kind": "select", "choices": [("1", _("yes"), value is True), ("0", _("no"), value is not True)]}
    if given := _choices(asked.field):
        held = value if isinstance(value, list) else [value]
        choices = [(key, word, key in held) for key, word in given]
        return {"kind": "checks" if asked.op in LISTED else "select", "choices": choices}
    if found.kind == "money":
        minor = value if isinstance(value, int) else 0
        return {"kind": "text", "value": str(money.to_decimal(minor, currency)), "unit": currency, "decimal": True}
    if found.kind == "number":
        return {"kind": "number", "value": value if isinstance(value, int) else 0}
    return {"kind": "text", "value": ", ".join(value) if isinstance(value, list) else value, "listed": asked.op in LISTED}


def _choices(field: str) -> list[tuple[str, str]]:
    if field == "shipment.status":
        return [(str(one), str(badge_for(str(one)).word)) for one in Status]
    if field == "shipment.health":
        return [(one, wording.plain(wording.FLAGS, one)) for one in HEALTH]
    return [(name, wording.template(name)) for name in wording.ICONS] if field.startswith("messages.") else []


def read_condition(data: QueryDict, name: str, currency: str, do: str) -> Condition | None:
    """What a box says, after the button `do` inside it was pressed; None where no condition is left. Raises Unreadable."""
    found = _read_group(data, name, currency, do)
    return found.of[0] if len(found.of) == 1 else found if found.of else None


def _read_group(data: QueryDict, name: str, currency: str, do: str) -> All | Some:
    places = [at for at in range(MOST) if data.get(f"{name}.{at}.is")]
    rows = [_read_row(data, f"{name}.{at}", currency, do) for at in places if do != f"drop {name}.{at}"]
    if do == f"and {name}":
        rows.append(NOT_CHOSEN)
    if do == f"group {name}":
        rows.append(Some(of=[NOT_CHOSEN]))
    return (Some if data.get(f"{name}.join") == "any" else All)(of=rows[:MOST])


def _read_row(data: QueryDict, name: str, currency: str, do: str) -> Condition:
    form = data[f"{name}.is"]
    if form == "group":
        return _read_group(data, name, currency, do)
    if form == "kept":
        try:
            kept: Condition = msgspec.convert(json.loads(data.get(f"{name}.kept", "")), Condition)
            return kept
        except ValueError as error:
            raise Unreadable(_("A condition could not be read. Load the page again.")) from error
    field = data.get(f"{name}.field", "")
    found = FIELDS.get(field)
    if found is None:
        return NOT_CHOSEN
    ops, was = OPS[found.kind], data.get(f"{name}.was", "")
    op = data.get(f"{name}.op", "")
    op = op if op in ops else ops[0]
    if field != was:  # another field was chosen: the old value meant something else
        return Asks(field=field, op=ops[0], value=_first(field, ops[0]))
    given = [text for text in data.getlist(f"{name}.value") if text.strip()]
    return Asks(field=field, op=op, value=_value(field, op, given, currency))


def _first(field: str, op: str) -> Any:
    kind = FIELDS[field].kind
    if op in LISTED:
        return []
    choices = _choices(field)
    return {"flag": True, "number": 1, "money": 0}.get(kind, choices[0][0] if choices else "")


def _value(field: str, op: str, given: list[str], currency: str) -> Any:
    kind, first = FIELDS[field].kind, given[0].strip() if given else ""
    if op in LISTED:
        return [word.strip()[:60] for text in given for word in text.split(",") if word.strip()][:50]
    if kind == "flag":
        return first == "1"
    name = wording.plain(flow_words.ASKED, field)
    try:
        if kind == "money":
            return money.to_minor(first.replace(",", "."), currency)
        return int(first) if kind == "number" else first[:200]
    except ValueError as error:
        wanted = _("%s: enter an amount, such as 49.90.") if kind == "money" else _("%s: enter a whole number.")
        raise Unreadable(wanted % name) from error


def trigger_box(trigger: Trigger, name: str, currency: str, only: bool) -> Box:
    """A trigger as controls. `only`: it is the last one, and has to stay."""
    one_of = ONE_OF.get(trigger.event)
    held = trigger.where.get(one_of, []) if one_of else []
    given = _choices("shipment.status") if one_of == "new" else _choices("shipment.health") if one_of else []
    yes = ONLY.get(trigger.event)
    return {
        "name": name,
        "events": [(event, wording.EVENTS.get(event) or wording.hook_event(event), event == trigger.event) for event in EVENTS],
        "checks": [(value, word, value in held) for value, word in given],
        "yes": {"label": yes[1], "on": trigger.where.get(yes[0]) == [True]} if yes else None,
        "condition": condition_box(trigger.when, f"{name}.c", currency),
        "only": only,
    }


def read_triggers(data: QueryDict, name: str, before: list[Trigger], currency: str, do: str) -> list[Trigger]:
    """What the boxes say, after the button `do` was pressed. What they do not show of a trigger stays. Raises Unreadable."""
    places = [at for at in range(10) if f"{name}.{at}.event" in data]
    found = [_read_trigger(data, f"{name}.{at}", before[at : at + 1], currency, do) for at in places if do != f"drop {name}.{at}"]
    return [*found, Trigger(event=_unused(found))][:10] if do == f"add {name}" else found


def _unused(found: list[Trigger]) -> str:
    used = {one.event for one in found}
    return next((event for event in EVENTS if event not in used), EVENTS[0])


def _read_trigger(data: QueryDict, name: str, before: list[Trigger], currency: str, do: str) -> Trigger:
    event = data.get(f"{name}.event", "")
    was = before[0] if before and before[0].event == event else Trigger(event=event)
    where, shown = dict(was.where), data.get(f"{name}.was") == event
    if (field := ONE_OF.get(event)) and shown:
        where[field] = list(data.getlist(f"{name}.where"))
    if (yes := ONLY.get(event)) and shown:
        where[yes[0]] = [True] if data.get(f"{name}.yes") else []
    when = read_condition(data, f"{name}.c", currency, do) if shown else None
    return replace(was, where={key: value for key, value in where.items() if value}, when=when)
