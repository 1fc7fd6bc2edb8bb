"""Typed questions about an order, its parcels, its customer and what was written to them. Stored as JSON; read only through here."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from notifications.definition.said import Said

Kind = Literal["number", "money", "text", "list", "flag"]
Value = bool | int | str | list[str]


class All(Struct, tag_field="is", tag="all", forbid_unknown_fields=True):
    """Every one of these holds; true where there is none."""

    of: Annotated[list["Condition"], Meta(max_length=20)]


class Some(Struct, tag_field="is", tag="any", forbid_unknown_fields=True):
    """At least one of these holds; false where there is none."""

    of: Annotated[list["Condition"], Meta(max_length=20)]


class Not(Struct, tag_field="is", tag="not", forbid_unknown_fields=True):
    """This does not hold."""

    of: "Condition"


class Asks(Struct, tag_field="is", tag="field", forbid_unknown_fields=True):
    """A field compared with a value. What is unknown (no parcel yet) compares as nothing: only `is_not` and `has_none` hold of it."""

    field: str
    op: str
    value: Value


Condition = All | Some | Not | Asks

OPS: dict[str, tuple[str, ...]] = {
    "number": ("eq", "lt", "lte", "gt", "gte"),
    "money": ("eq", "lt", "lte", "gt", "gte"),
    "text": ("is", "is_not", "any_of", "contains", "starts"),
    "list": ("has_any", "has_all", "has_none"),
    "flag": ("is",),
}
LISTED = ("any_of", "has_any", "has_all", "has_none")  # these compare with a list of texts


@dataclass(frozen=True)
class Field:
    """What may be asked about. Money is in minor units of the shop's currency."""

    kind: Kind
    about: Literal["order", "lines", "shipment", "customer", "history"]  # what has to be read to answer


FIELDS: dict[str, Field] = {
    "order.total": Field("money", "order"),
    "order.country": Field("text", "order"),  # ISO 3166-1 alpha-2 of where it goes
    "order.postcode": Field("text", "order"),
    "order.currency": Field("text", "order"),
    "order.channel": Field("text", "order"),
    "order.locale": Field("text", "order"),
    "order.tags": Field("list", "order"),
    "order.discount_codes": Field("list", "order"),
    "order.payment": Field("text", "order"),  # as the shop calls it: paid, pending ...
    "order.fulfilment": Field("text", "order"),
    "order.refunded": Field("flag", "order"),
    "order.delivered": Field("flag", "order"),
    "order.items": Field("number", "lines"),  # units
    "lines.skus": Field("list", "lines"),
    "lines.products": Field("list", "lines"),  # the shop's product ids
    "lines.titles": Field("list", "lines"),
    "lines.use_days": Field("number", "lines"),  # the longest of them; nothing where no line has any
    "lines.weight": Field("number", "lines"),  # grams, all units
    "shipment.carrier": Field("text", "shipment"),
    "shipment.service": Field("text", "shipment"),
    "shipment.status": Field("text", "shipment"),
    "shipment.substatus": Field("text", "shipment"),
    "shipment.health": Field("list", "shipment"),
    "shipment.late": Field("flag", "shipment"),
    "shipment.attempts": Field("number", "shipment"),
    "shipment.parcels": Field("number", "shipment"),  # of the order
    "customer.orders": Field("number", "customer"),  # placed up to now, this one among them
    "customer.tags": Field("list", "customer"),
    "customer.returning": Field("flag", "customer"),
    "messages.sent": Field("list", "history"),  # templates sent for the order
    "messages.clicked": Field("list", "history"),  # templates of the order whose link a person followed
}


def check(asked: Condition) -> list[Said]:
    """What is wrong with a condition, in words; nothing where it can be answered."""
    if isinstance(asked, All | Some):
        return [said for one in asked.of for said in check(one)] or ([] if asked.of else [Said(_("a group of conditions is empty"))])
    if isinstance(asked, Not):
        return check(asked.of)
    found = FIELDS.get(asked.field)
    if found is None:
        return [Said(_("there is nothing called “%(field)s” to ask about"), {"field": asked.field})]
    named = {"field": asked.field, "op": asked.op}
    if asked.op not in OPS[found.kind]:
        text = _("“%(field)s” cannot be compared by “%(op)s”; it takes %(ops)s")
        return [Said(text, {**named, "ops": ", ".join(OPS[found.kind])})]
    return [] if _fits(found.kind, asked) else [Said(_wanted(found.kind, asked.op), named)]


def _fits(kind: Kind, asked: Asks) -> bool:
    value = asked.value
    if asked.op in LISTED:
        return isinstance(value, list) and bool(value)
    if kind in ("number", "money"):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool if kind == "flag" else str)


WANTED = {
    "number": _("“%(field)s %(op)s” needs a whole number"),
    "money": _("“%(field)s %(op)s” needs an amount in minor units"),
    "flag": _("“%(field)s %(op)s” needs yes or no"),
}


def _wanted(kind: Kind, op: str) -> str | Promise:
    if op in LISTED:
        return _("“%(field)s %(op)s” needs at least one value")
    return WANTED.get(kind, _("“%(field)s %(op)s” needs a word"))


def needs(asked: Condition) -> set[str]:
    """What has to be read to answer."""
    if isinstance(asked, Asks):
        return {FIELDS[asked.field].about}
    inner = [asked.of] if isinstance(asked, Not) else asked.of
    return {about for one in inner for about in needs(one)}


def holds(asked: Condition, facts: dict[str, Any]) -> bool:
    """Whether it holds of the fields' values. A field that is missing or None is nothing."""
    if isinstance(asked, All):
        return all(holds(one, facts) for one in asked.of)
    if isinstance(asked, Some):
        return any(holds(one, facts) for one in asked.of)
    if isinstance(asked, Not):
        return not holds(asked.of, facts)
    return _compare(asked.op, facts.get(asked.field), asked.value)


def _compare(op: str, found: Any, value: Any) -> bool:
    if op in ("has_any", "has_all", "has_none"):
        have = {str(one).casefold() for one in found or ()}
        wanted = {one.casefold() for one in value}
        return {"has_any": bool(have & wanted), "has_all": wanted <= have, "has_none": not have & wanted}[op] is True
    if op == "is_not":
        return bool(_same(found) != _same(value))
    if found is None:
        return False
    if op in ("is", "any_of", "contains", "starts"):
        return _text(op, _same(found), value)
    return {"eq": found == value, "lt": found < value, "lte": found <= value, "gt": found > value, "gte": found >= value}[op] is True


def _text(op: str, found: Any, value: Any) -> bool:
    if op == "any_of":
        return found in {one.casefold() for one in value}
    wanted = _same(value)
    if op == "is":
        return bool(found == wanted)
    return wanted in found if op == "contains" else bool(found.startswith(wanted))


def _same(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
