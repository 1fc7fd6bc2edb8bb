"""The event catalogue as a page for people: docs/events.md is exactly this text."""

import dataclasses
import inspect
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args
from uuid import UUID

from postpurchase.events.catalogue import FACTS, Fact

HEAD = """# Events

What apps tell one another, and what the API's event feed shows. A fact is written in the transaction that made it true
and carries ids; whoever handles it loads the row. `order_id` joins every fact to its order's story and is empty only where
no order is known. Times are ISO 8601 in UTC.

This page is generated: `python3 manage.py events_doc` writes it from postpurchase/events/catalogue.py.
"""
WORDS = {
    UUID: "id",
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "date",
    datetime: "time",
    NoneType: "empty",
    tuple[str, ...]: "list of text",
}


def markdown() -> str:
    """The whole page."""
    return HEAD + "".join(_section(fact) for fact in FACTS.values())


def _section(fact: type[Fact]) -> str:
    fields = "\n".join(f"| `{field.name}` | {_word(field.type)} |" for field in dataclasses.fields(fact))
    return f"\n## {fact.kind}\n\n`{fact.__name__}`: {inspect.cleandoc(fact.__doc__ or '')}\n\n| field | type |\n|---|---|\n{fields}\n"


def _word(kind: Any) -> str:
    return WORDS.get(kind) or " or ".join(WORDS[part] for part in get_args(kind))
