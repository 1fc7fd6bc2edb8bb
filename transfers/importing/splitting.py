"""Cut a file into parts that hold whole orders, wherever their rows stand: the part is a hash of the order's number.

One pass, in memory bounded by HELD. A part may come out in several segments; who works on it reads them in turn.
"""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from transfers.models import Import
from transfers.reading.sheet import Numbered

PART = 96 * 1024  # bytes of a CSV file
MOST_PARTS = 1024
HELD = 6_000_000  # characters
PER_ROW = 200  # what a row costs beside its characters


class Packed(NamedTuple):
    """A segment on its way."""

    part: int
    position: int
    body: bytes


def parts_for(size: int, form: str) -> int:
    """Into how many parts a file of so many bytes is cut; a workbook is a zip, about six times as large inside."""
    return min(MOST_PARTS, 1 + size * (6 if form == "xlsx" else 1) // PART)


def part_of(key: str, parts: int) -> int:
    """Which part the rows of a key go to; those without one stay together."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big") % parts


def segments(rows: Iterable[Numbered], key: Callable[[Numbered], str], parts: int) -> Iterator[tuple[list[Packed], int]]:
    """(segments to be written, rows they hold), whenever enough rows have come together."""
    held: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
    weight = count = turn = 0
    for row in rows:
        held[part_of(key(row), parts)].append((row.number, row.cells))
        count += 1
        weight += PER_ROW + sum(map(len, row.cells))
        if weight >= HELD:
            yield _packed(held, turn), count
            held.clear()
            weight, count, turn = 0, 0, turn + 1
    if held:
        yield _packed(held, turn), count


def _packed(held: dict[int, list[tuple[int, list[str]]]], turn: int) -> list[Packed]:
    return [Packed(part, turn, zlib.compress(msgspec.msgpack.encode(rows), 1)) for part, rows in held.items()]


def read(source: Import, part: int) -> Iterator[Numbered]:
    """The rows of a part, as they stood in the file."""
    for body in source.segments.filter(part=part).order_by("position").values_list("body", flat=True):
        yield from unpacked(bytes(body))


def unpacked(body: bytes) -> Iterator[Numbered]:
    """The rows of a segment."""
    for number, cells in msgspec.msgpack.decode(zlib.decompress(body), type=list[tuple[int, list[str]]]):
        yield Numbered(number, cells)
