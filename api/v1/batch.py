"""Many items in one body, each decoded by itself."""

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from api.v1 import decode
from integrations.types import FieldError, Outcome, Recorded
from postpurchase.tenancy.problems import Problem

S = TypeVar("S", bound=Struct)
MOST = 500


def each(raw: bytes, name: str, kind: type[S]) -> list[S | Recorded]:
    """The items of {name: [...]}; one that does not fit is a refusal in its place. Raises Problem if the list itself is wrong."""
    decode.no_nul(raw)
    try:
        batch = _lists(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise decode.malformed(error) from None
    items = batch.get(name, [])
    if len(batch) != 1 or not 1 <= len(items) <= 500:
        detail = f'The body must be {{"{name}": [...]}} with 1 to 500 items.'
        raise Problem(422, "invalid", detail, errors=[{"pointer": f"/{name}", "message": "must be a list of 1 to 500 items"}])
    return [_item(bytes(item), kind) for item in items]


def _lists(raw: bytes) -> dict[str, list[Raw]]:
    try:
        return msgspec.json.decode(raw, type=dict[str, list[Raw]])
    except msgspec.ValidationError:
        msgspec.json.decode(raw)  # JSON at all?
        return {}


def _item(raw: bytes, kind: type[S]) -> S | Recorded:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError:
        errors = decode.faults(raw, kind)
        given = msgspec.json.decode(raw)
        known = given.get("external_id", "") if isinstance(given, dict) else ""
        return Recorded(Outcome.REFUSED, external_id=known if isinstance(known, str) else "", errors=errors)
    except RecursionError:
        return Recorded(Outcome.REFUSED, errors=[FieldError("", "is nested too deeply")])
