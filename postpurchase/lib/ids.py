"""UUIDv7 (RFC 9562, section 5.7), the prefixed public form of an id, and random tokens."""

import os
import secrets
import threading
import uuid
from datetime import datetime

from postpurchase.lib import clock

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32: no i, l, o, u
VALUE = {char: index for index, char in enumerate(ALPHABET)}
PAIRS = [high + low for high in ALPHABET for low in ALPHABET]
LENGTH = 26
RAND_B = (1 << 62) - 1


class _Ticks:
    """The time in steps of a 4096th millisecond, never the same twice in this process."""

    def __init__(self) -> None:
        self._last, self._lock = 0, threading.Lock()

    def take(self, count: int) -> range:
        """So many in a row, of 60 bits: 48 of milliseconds, 12 of their fraction."""
        ms, ns = divmod(clock.unix_ns(), 1_000_000)
        tick = ms << 12 | ns * 4096 // 1_000_000
        with self._lock:
            first = max(tick, self._last + 1)
            self._last = first + count - 1
        return range(first, first + count)


_ticks = _Ticks()


def uuid7() -> uuid.UUID:
    """A time-ordered id: milliseconds and their fraction (RFC 9562, 6.2, method 3), then 62 random bits.

    Ids made one after another in a process sort in that order: what one transaction writes is read back as it was written.
    """
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[uuid.UUID]:
    """As many ids, in order, for less than one by one."""
    noise = os.urandom(8 * count)
    return [_made(tick, int.from_bytes(noise[8 * at : 8 * at + 8], "big") & RAND_B) for at, tick in enumerate(_ticks.take(count))]


def _made(tick: int, rand: int) -> uuid.UUID:
    return _of((tick >> 12 & (1 << 48) - 1) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | rand)


def as_written(text: str) -> uuid.UUID:
    """The id that PostgreSQL wrote: 32 hexadecimal digits with hyphens. For text from nowhere else, which nothing checks here."""
    return _of(int(text.replace("-", ""), 16))


def _of(number: int) -> uuid.UUID:
    """Past UUID's own constructor, which looks for five other spellings first."""
    found = object.__new__(uuid.UUID)
    object.__setattr__(found, "int", number)
    object.__setattr__(found, "is_safe", uuid.SafeUUID.unknown)
    return found


def first_of(moment: datetime) -> uuid.UUID:
    """Ids made before that moment (aware) sort before this one."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def to_public(prefix: str, value: uuid.UUID) -> str:
    """`ord_` and 26 characters: what the API shows. The same bits as the uuid, so no column is needed."""
    number = value.int
    return f"{prefix}_{''.join([PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])}"


def from_public(prefix: str, text: str) -> uuid.UUID | None:
    """The id, or None for anything malformed: the caller answers 404, as for a missing row."""
    head, _, body = text.partition("_")
    if head != prefix or len(body) != LENGTH or not VALUE.keys() >= set(body):
        return None
    number = 0
    for char in body:
        number = number * 32 + VALUE[char]
    return uuid.UUID(int=number) if number < 1 << 128 else None


def random_token(bits: int = 160) -> str:
    """An unguessable URL-safe token of at least `bits` random bits."""
    return secrets.token_urlsafe((bits + 7) // 8)
