"""A large file as bodies of the size that the inbox takes, each of which can be read on its own."""

import csv
import io
from collections.abc import Iterator

import msgspec

from integrations.carriers.custom.layout import UTF8, Layout
from integrations.registry import Unreadable

MOST = 512 * 1024  # characters of a part
WHOLE = 1024 * 1024  # bytes of one that cannot be cut


def parts(body: bytes, how: Layout) -> Iterator[bytes]:
    """The file in its order. The same file makes the same parts. Raises Unreadable."""
    try:
        text = body.decode(UTF8 if how.encoding == "utf-8" else how.encoding)
    except UnicodeDecodeError:
        raise Unreadable("The file is not written in the encoding of the mapping.") from None
    pieces = _table(text, how) if how.form == "csv" else _json(text)
    for piece in pieces:
        written = piece.encode(how.encoding)
        if len(written) > WHOLE:
            raise Unreadable("One entry of the file is larger than 1 MiB.")
        yield written


def _table(text: str, how: Layout) -> Iterator[str]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=how.delimiter)
    try:
        head = _line(next(rows, []), how) if how.header else ""
        yield from _filled((_line(row, how) for row in rows if any(row)), head, "", "")
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}.") from error


def _line(row: list[str], how: Layout) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=how.delimiter, lineterminator="\n").writerow(row)
    return written.getvalue()


def _json(text: str) -> Iterator[str]:
    try:
        body = msgspec.json.decode(text)
    except msgspec.DecodeError:
        yield from _filled((f"{line}\n" for line in text.splitlines() if line.strip()), "", "", "")
        return
    if isinstance(body, list):
        yield from _filled((msgspec.json.encode(one).decode() for one in body), "[", ",", "]")
    else:
        yield text


def _filled(pieces: Iterator[str], head: str, between: str, foot: str) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for piece in pieces:
        if held and size + len(piece) > MOST:
            yield head + between.join(held) + foot
            held, size = [], 0
        held.append(piece)
        size += len(piece)
    if held:
        yield head + between.join(held) + foot
