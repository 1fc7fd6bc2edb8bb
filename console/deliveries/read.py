"""An order history, in: a CSV file with the day each parcel left and the day it came."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from tracking.promises.lanes import Key, Parcel

LEAST_ROWS = 200
DIGITS = 3  # a column of numbers of so many digits holds postcodes: their first digits are wider zones


class Unreadable(Exception):
    """The file cannot be evaluated; the message says why and what to do."""


@dataclass
class History:
    """What was read. Lanes and promised days stand beside the parcels."""

    parcels: list[Parcel] = field(default_factory=list)
    lanes: list[Key] = field(default_factory=list)
    promised: list[int | None] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)  # why, and how many rows


@dataclass(frozen=True)
class Columns:
    """Names of the file's columns; '' and () for those that it does not have."""

    start: str
    delivered: str
    promised: str = ""
    lane: tuple[str, ...] = ()


def read(path: Path, columns: Columns) -> History:
    """The file's parcels. Raises Unreadable for a file without these columns, or with too few days to learn from."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not text in UTF-8: save it as CSV in UTF-8") from error
    lines = text.splitlines(keepends=True)
    if not lines:
        raise Unreadable(f"{path} is empty")
    rows = csv.DictReader(lines, delimiter=";" if lines[0].count(";") > lines[0].count(",") else ",")
    wanted = [columns.start, columns.delivered, *([columns.promised] if columns.promised else []), *columns.lane]
    missing = [name for name in wanted if name not in (rows.fieldnames or ())]
    if missing:
        raise Unreadable(f"{path} has no column {', '.join(missing)}. It has: {', '.join(rows.fieldnames or ())}")
    history = _gather(rows, columns)
    if len(history.parcels) < LEAST_ROWS:
        why = "".join(f"; {count} rows skipped: {reason}" for reason, count in history.skipped.items())
        raise Unreadable(f"{len(history.parcels)} parcels with a day in {columns.start}: at least {LEAST_ROWS} are needed{why}")
    return history


def _gather(rows: Iterable[dict[str, str]], columns: Columns) -> History:
    history, lanes = History(), list[tuple[str, ...]]()
    days: list[tuple[int, int | None, float]] = []
    for row in rows:
        start, end = day(row[columns.start]), day(row[columns.delivered])
        if start is None or (end is None and (row[columns.delivered] or "").strip()):
            name = columns.start if start is None else columns.delivered
            reason = f"no day in {name}" if not (row[name] or "").strip() else f"{name} is no ISO date, as in {row[name]!r}"
            reason = reason if reason in history.skipped or len(history.skipped) < 5 else "other"
            history.skipped[reason] = history.skipped.get(reason, 0) + 1
            continue
        days.append((start, end, part(row[columns.start], row[columns.delivered])))
        lanes.append(tuple((row[name] or "").strip() for name in columns.lane))
        history.promised.append(day(row[columns.promised]) if columns.promised else None)
    wide = _zones(lanes)
    history.lanes = [lane or ("",) for lane in lanes]
    for (start, end, more), lane in zip(days, lanes, strict=True):
        history.parcels.append(Parcel(start, end, *_groups(lane, start, wide), part=more))
    return history


def day(text: str | None) -> int | None:
    """The ordinal of an ISO date, with or without a time; None for anything else."""
    try:
        return datetime.fromisoformat((text or "").strip()).toordinal()
    except ValueError:
        return None


def part(start: str | None, end: str | None) -> float:
    """The part of a day by which `end` is later in its day than `start` in its own; 0 where a time is not told."""
    if not start or not end or ":" not in start or ":" not in end:
        return 0.0
    first, last = datetime.fromisoformat(start.strip()).time(), datetime.fromisoformat(end.strip()).time()
    return ((last.hour - first.hour) * 60 + last.minute - first.minute) / 1440


def _zones(lanes: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Column -> digits of its longest value, for columns that hold postcodes: some files drop zeros in front."""
    found = {}
    for at in range(len(lanes[0]) if lanes else 0):
        values = {lane[at] for lane in lanes}
        longest = max(map(len, values))
        if longest >= DIGITS and all(value.isdigit() or not value for value in values):
            found[at] = longest
    return found


def _groups(lane: tuple[str, ...], start: int, wide: dict[int, int]) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The ladder and the effects of a parcel: its zones, from wide to narrow, and the day of the week on which it left."""
    weekday = ("weekday", str(date.fromordinal(start).weekday()))
    if not lane:
        return (), (weekday,)
    full = tuple(value.zfill(wide[at]) if at in wide else value for at, value in enumerate(lane))
    ladder: list[Key] = [("last", full[-1])] if len(full) > 1 and len(full) - 1 not in wide else []
    effects: list[Key] = []
    for digits in (1, 2) if wide else ():
        cut = tuple(value[:digits] if at in wide else value for at, value in enumerate(full))
        ladder.append((f"last {digits}", cut[-1]) if len(cut) > 1 else (f"first {digits}", cut[0]))
        if digits == 2:
            ladder.append((f"lane {digits}", *cut))
        effects += [(f"column {at}, {digits}", cut[at]) for at in wide]
    effects += [(f"column {at}", value) for at, value in enumerate(full)]
    return (*ladder, ("lane", *full)), (*effects, weekday)
