"""A request body to a struct; what does not fit is told by field, with what to do."""

import re
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, ValidationError

from integrations.types import FieldError
from postpurchase.tenancy.problems import Problem

S = TypeVar("S", bound=Struct)
AT = re.compile(r" - at `\$(?P<path>.*)`$")
STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]")
MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]+)`")
TYPES = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
LIMIT = re.compile(r"Expected `(?P<kind>[^`]+)` (?P<length>of length )?(?P<sign><=|>=) (?P<bound>-?\d+)")
REGEX = re.compile(r"Expected `str` matching regex '(?P<regex>.*)'")
WORDS = {
    "str": "text", "int": "a whole number", "float": "a decimal number", "bool": "true or false", "array": "a list", "object": "an object",
    "null": "null", "datetime": "a time", "date": "a date",
}  # fmt: skip
SENTENCES = {
    "Expected `datetime` with a timezone component": "must say its offset from UTC, for example 2026-03-01T12:00:00Z",
    "Invalid RFC3339 encoded datetime": "must be a time with an offset, for example 2026-03-01T12:00:00Z",
    "Invalid RFC3339 encoded date": "must be a date, for example 2026-03-01",
}
NUL = rb"\u0000"


def parse(raw: bytes, kind: type[S]) -> S:
    """The struct that the body holds. Raises Problem: 400 for what is not JSON, 422 naming every field of the body that does not fit."""
    no_nul(raw)
    try:
        try:
            return msgspec.json.decode(raw, type=kind)
        except ValidationError:
            raise invalid(faults(raw, kind)) from None  # what follows the first fault may still not be JSON
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from None


def no_nul(raw: bytes) -> None:
    """PostgreSQL holds no NUL character. Raises Problem."""
    if NUL in raw:
        raise invalid([FieldError("", "a text holds the character U+0000: leave it out")])


def malformed(error: Exception) -> Problem:
    """400: the body is not JSON."""
    why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return Problem(400, "malformed-json", f"The body is not valid JSON: {why}.")


def invalid(errors: list[FieldError]) -> Problem:
    """422 with an entry for each field."""
    named = ", ".join(sorted({error.pointer or "the body" for error in errors}))
    return Problem(422, "invalid", f"Nothing was recorded. Mend {named}.", errors=msgspec.to_builtins(errors))


def faults(raw: bytes, kind: type[Struct]) -> list[FieldError]:
    """Everything wrong with the fields of a JSON object that does not decode as `kind`: the first fault of each field."""
    value = msgspec.json.decode(raw)
    if not isinstance(value, dict):
        return [_fault(f"Expected `object`, got `{_kind_of(value)}`")]
    found, known = [], {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in known.items():
        if name in value:
            found += _faults_in(name, value[name], field.type)
        elif field.required:
            found.append(_fault(f"Object missing required field `{name}`"))
    return found + [_fault(f"Object contains unknown field `{name}`") for name in value if name not in known]


def _faults_in(name: str, value: Any, kind: Any) -> list[FieldError]:
    try:
        msgspec.convert(value, kind)
    except ValidationError as error:
        return [_fault(str(error), f"/{_escaped(name)}")]
    return []


def _kind_of(value: Any) -> str:
    return {list: "array", str: "str", bool: "bool", int: "int", float: "float"}.get(type(value), "null")


def _fault(message: str, under: str = "") -> FieldError:
    match = AT.search(message)
    pointer = under + (_pointer(match["path"]) if match else "")
    said = AT.sub("", message)
    if missing := MISSING.fullmatch(said):
        return FieldError(f"{pointer}/{_escaped(missing['field'])}", "is required")
    if unknown := UNKNOWN.fullmatch(said):
        return FieldError(f"{pointer}/{_escaped(unknown['field'])}", "is not a field here: check its spelling or leave it out")
    return FieldError(pointer, _sentence(said))


def _sentence(said: str) -> str:
    if types := TYPES.fullmatch(said):
        return f"must be {_words(types['wanted'])}, not {_words(types['got'])}"
    if limit := LIMIT.fullmatch(said):
        bound = "at most" if limit["sign"] == "<=" else "at least"
        unit = {"str": " characters long", "array": " entries long"}.get(limit["kind"], "") if limit["length"] else ""
        return f"must be {bound} {limit['bound']}{unit}"
    if regex := REGEX.fullmatch(said):
        return f"must be text of the form {regex['regex']}"
    return SENTENCES.get(said, said[:1].lower() + said[1:])


def _words(kinds: str) -> str:
    return " or ".join(WORDS.get(kind, kind) for kind in kinds.split(" | "))


def _pointer(path: str) -> str:
    """`.lines[0].title` as a JSON pointer (RFC 6901): /lines/0/title."""
    return "".join(f"/{_escaped(step['name'] or step['index'])}" for step in STEP.finditer(path))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
