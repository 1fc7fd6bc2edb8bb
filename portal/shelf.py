"""Drawn pages kept in memory: bounded in number and bytes, the longest unused go first, safe between threads."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

Key = tuple[str, str]  # token, language


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was drawn, and when it was last known to be the newest."""

    version: str
    checked_at: float  # monotonic seconds
    status: int
    body: bytes
    etag: str
    slug: str = ""  # of the merchant
    packed: bytes = b""  # the body as gzip has it
    place: tuple[UUID, UUID] | None = None  # merchant and order

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + len(self.packed)


class Shelf:
    """The pages of one process."""

    def __init__(self, *, pages: int = 2000, size: int = 64 * 1024 * 1024) -> None:
        self.pages, self.size = pages, size
        self.held = 0  # bytes of bodies
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, key: Key) -> Kept | None:
        """The page, and a note that it was used."""
        with self._lock:
            found = self._kept.get(key)
            if found:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, page: Kept) -> None:
        """Keep a page. One larger than the whole shelf is not kept."""
        with self._lock:
            self._drop(key)
            if page.size > self.size:
                return
            self._kept[key] = page
            self.held += page.size
            while len(self._kept) > self.pages or self.held > self.size:
                self._drop(next(iter(self._kept)))

    def drop(self, key: Key) -> None:
        """Forget a page."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._kept.clear()
            self.held = 0

    def _drop(self, key: Key) -> None:
        old = self._kept.pop(key, None)
        if old:
            self.held -= old.size
