"""How a body is written, and the body as records: JSON, JSON a line, or a table of text with any delimiter and encoding."""

import codecs
import csv
import io
from typing import Any

import msgspec

from integrations.registry import Unreadable

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows (Western Europe)",
    "cp1250": "Windows (Central Europe)",
    "cp1251": "Windows (Cyrillic)",
    "utf-16": "UTF-16",
    "iso8859-15": "ISO 8859-15 (Latin 9)",
    "mac-roman": "Mac",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
}
DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS, MOST_COLUMNS = 20_000, 300
LINES = msgspec.json.Decoder()
UTF8 = "utf-8-sig"  # which is read with and without its mark


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`form`: json (one value, or one a line) or csv. Without a `header` columns are called by their numbers, from 1."""

    form: str = "json"
    encoding: str = "utf-8"
    delimiter: str = ","
    header: bool = True


def detect(body: bytes) -> Layout:
    """The likeliest layout of a sample."""
    encoding = _encoding(body)
    text = _text(body, encoding)
    if text.lstrip()[:1] in ("{", "["):
        return Layout("json", encoding)
    lines = text.splitlines()[:20]
    counted = {mark: [len(row) for row in csv.reader(lines, delimiter=mark) if row] for mark in DELIMITERS}
    even = {mark: min(widths, default=1) for mark, widths in counted.items()}
    return Layout("csv", encoding, max(even, key=lambda mark: even[mark]))


def decode(body: bytes, how: Layout) -> Any:
    """The body as dictionaries, lists and scalars. Raises Unreadable."""
    text = _text(body, how.encoding).replace("\0", "")
    return _table(text, how) if how.form == "csv" else _json(text)


def _encoding(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _text(body: bytes, encoding: str) -> str:
    try:
        return body.decode(UTF8 if encoding == "utf-8" else encoding)
    except (UnicodeDecodeError, LookupError):
        raise Unreadable(f"the body is not written in {ENCODINGS.get(encoding, encoding)}") from None


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text.replace("\\u0000", ""))
    except (msgspec.DecodeError, RecursionError) as whole:
        try:
            return LINES.decode_lines(text.replace("\\u0000", ""))
        except (msgspec.DecodeError, RecursionError):
            raise Unreadable(f"the body is not JSON: {whole}") from whole


def _table(text: str, how: Layout) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    names: list[str] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=how.delimiter):
            if not names:
                names = columns(row, header=how.header)
                if how.header:
                    continue
            if any(cell.strip() for cell in row):
                found.append(dict(zip(names, row, strict=False)))
            if len(found) > MOST_ROWS:
                raise Unreadable(f"the table has more than {MOST_ROWS:,} rows")
    except csv.Error as error:
        raise Unreadable(f"the table cannot be read: {error}") from error
    return found


def columns(row: list[str], *, header: bool) -> list[str]:
    """What the columns are called: by the first row, those without a name or with another's by their number. Raises Unreadable."""
    if len(row) > MOST_COLUMNS:
        raise Unreadable(f"the table has more than {MOST_COLUMNS} columns")
    names: list[str] = []
    for number, cell in enumerate(row, 1):
        name = " ".join(cell.split()) if header else ""
        names.append(name if name and name not in names else str(number))
    return names
