"""Keyset paging: the next page starts after the last row of this one, so that page 10,000 costs what page 1 costs."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from postpurchase.lib import signing

T = TypeVar("T")
MAC = 12  # bytes: 96 bits
MOST = 500
NEWEST_FIRST = ("-placed_at", "-id")


class BadCursor(ValueError):
    """The cursor is not one that this list handed out."""

    def __init__(self) -> None:
        super().__init__("this cursor does not belong to this list: leave it out to start from the first page")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next ones start; '' after the last page."""

    items: list[T]
    next_cursor: str


def page(rows: models.QuerySet[Any, T], *, after: str = "", size: int = 50, keys: Sequence[str] = NEWEST_FIRST) -> Page[T]:
    """The `size` (at most 500) rows that follow the cursor `after`, in the order of `keys`.

    `keys` are columns that are never null, all ascending or all with '-', and unique together; an index on (merchant, *keys) serves them.
    Rows may be models or .values() that have the keys. Raises BadCursor, and ValueError for keys or sizes that cannot be.
    """
    if not 1 <= size <= MOST:
        raise ValueError(f"a page has from 1 to {MOST} rows, not {size}")
    if len({key.startswith("-") for key in keys}) != 1:
        raise ValueError(f"page by keys of one direction, not {', '.join(keys)}")
    if after:
        rows = rows.filter(_Beyond(keys, _values(rows.model, after, keys)))
    found = list(rows.order_by(*keys)[: size + 1])
    more = len(found) > size
    return Page(found[:size], cursor_after(found[size - 1], keys) if more else "")


def cursor_after(row: Any, keys: Sequence[str] = NEWEST_FIRST) -> str:
    """The cursor of what follows this row: URL-safe text, signed, so that nobody starts a list where they were not led."""
    values = [row[key.lstrip("-")] if isinstance(row, dict) else getattr(row, key.lstrip("-")) for key in keys]
    body = msgspec.json.encode(values)
    return base64.urlsafe_b64encode(_mac(body, keys) + body).rstrip(b"=").decode()


def _values(model: type[models.Model], cursor: str, keys: Sequence[str]) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    mac, body = raw[:MAC], raw[MAC:]
    if not signing.same(mac.hex(), _mac(body, keys).hex()):
        raise BadCursor
    try:
        told = msgspec.json.decode(body)
        return [model._meta.get_field(key.lstrip("-")).to_python(value) for key, value in zip(keys, told, strict=True)]  # type: ignore[union-attr]
    except (ValueError, ValidationError) as error:
        raise BadCursor from error


def _mac(body: bytes, keys: Sequence[str]) -> bytes:
    secret = f"paging {' '.join(keys)} {settings.SECRET_KEY}"
    return signing.hmac_sha256(secret.encode(), body)[:MAC]


class _Beyond(models.Func):
    """(a, b) > (x, y), as PostgreSQL's row comparison: one range of the index, where `a > x OR (a = x AND b > y)` would scan and filter."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, keys: Sequence[str], values: Sequence[Any]) -> None:
        super().__init__(*[models.F(key.lstrip("-")) for key in keys])
        self.sign = "<" if keys[0].startswith("-") else ">"
        self.values = list(values)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """(columns) < (parameters)."""
        columns: list[Any] = self.source_expressions
        left = ", ".join(compiler.compile(column)[0] for column in columns)
        given = [
            column.target.get_db_prep_value(value, connection, prepared=False) for column, value in zip(columns, self.values, strict=True)
        ]
        return f"({left}) {self.sign} ({', '.join(['%s'] * len(given))})", given
