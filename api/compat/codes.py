"""Carriers by a service's codes: where its code means another carrier than ours would, or is no name of the carrier's, a table says so."""

from functools import cached_property
from pathlib import Path

import msgspec

from integrations.carriers import directory


class Codes:
    """The codes of one service, read from a JSON file: theirs -> ours. Of several for one carrier the first is the one we answer with."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _ours(self) -> dict[str, str]:
        return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])

    @cached_property
    def _theirs(self) -> dict[str, str]:
        return {ours: theirs for theirs, ours in reversed(self._ours.items())}

    def ours(self, code: str) -> str:
        """A carrier's code of integrations.carriers.directory; a code that nobody knows becomes a slug of itself."""
        return self._ours.get(code.strip().lower()) or directory.normalise(code)

    def theirs(self, code: str) -> str:
        """What the service calls the carrier of our code."""
        return self._theirs.get(code) or code.replace("_", "-")
