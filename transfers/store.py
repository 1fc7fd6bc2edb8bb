"""Files in pieces: written as their bytes come, read as they are wanted, never whole in memory."""

import io
from collections.abc import Iterable, Iterator
from uuid import UUID

from postpurchase.tenancy.scope import in_merchant
from transfers.models import Piece, StoredFile

PIECE = 512 * 1024


def keep(name: str, chunks: Iterable[bytes]) -> StoredFile:
    """Store a file in the merchant's scope, piece by piece."""
    file = StoredFile.objects.create(name=name[-200:])
    for position, body in enumerate(evenly(chunks)):
        add(file, position, body)
    file.save(update_fields=["size"])
    return file


def add(file: StoredFile, position: int, body: bytes) -> None:
    """One more piece; the caller saves `size`, which grows."""
    Piece.objects.create(file=file, position=position, body=body)
    file.size += len(body)


def evenly(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def pieces(merchant_id: object, file_id: UUID) -> Iterator[bytes]:
    """The file's bytes; each piece is read in a scope of its own, so that no transaction is held and a response may stream them."""
    position = 0
    while True:
        with in_merchant(merchant_id):
            body = Piece.objects.filter(file_id=file_id, position=position).values_list("body", flat=True).first()
        if body is None:
            return
        yield bytes(body)
        position += 1


class Stream(io.RawIOBase):
    """Chunks of bytes as a raw file that is read forwards."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the chunks."""
        while not self._left:
            found = next(self._chunks, None)
            if found is None:
                return 0
            self._left = memoryview(found)
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count
