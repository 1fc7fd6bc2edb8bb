"""A finding: what is wrong, where, and what to do."""

from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"  # stops a publication
WARNING: Final = "warning"


@dataclass(frozen=True)
class Finding:
    """`rule`: which check found it. `block`: the id of the block, '' for the whole. `language`: '' where it holds for all."""

    severity: str
    rule: str
    text: str
    fix: str
    block: str = ""
    language: str = ""
