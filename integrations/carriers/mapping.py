"""What carriers' and shops' codes mean in our words. The tables are data: one JSON file per source.

A code has parts, from the general to the particular: `in_transit/arrived_at_facility/PU`. The most particular entry of the table wins:
`<carrier>:<last part>` first, because some carriers' own codes say more than the aggregator's words for them; then the whole code; then
`*/<last part>`, whatever stands before it; then ever shorter beginnings. Case and leading zeros do not matter.
"""

from functools import lru_cache
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
KINDS = {"track17": "17track"}  # a folder whose kind is no name for a package


class Meaning(msgspec.Struct, frozen=True):
    """status and substatus: where the parcel is. party: who can do something about it. action_required: '', shopper or merchant."""

    status: str = ""
    substatus: str = ""
    party: str = ""
    action_required: str = ""


UNMAPPED = Meaning()
Table = dict[str, Meaning]
OURS = msgspec.json.decode((HERE / "tables" / "ours.json").read_bytes(), type=Table)


def _bare(code: str) -> str:
    """The code as it is looked up: lower case, white space as one space, numbers without leading zeros."""
    parts = (" ".join(part.split()).casefold() for part in code.split("/"))
    return "/".join((part.lstrip("0") or "0") if part.isdecimal() else part for part in parts)


def _table(path: Path) -> Table:
    """A table's entries are whole meanings, or the name of one in ours.json ('exception/refused')."""
    entries = msgspec.json.decode(path.read_bytes(), type=dict[str, Meaning | str])
    return {_bare(code): OURS[entry] if isinstance(entry, str) else entry for code, entry in entries.items()}


TABLES: dict[str, Table] = {"shopify": _table(HERE / "tables" / "shopify.json")} | {
    KINDS.get(path.parent.name, path.parent.name): _table(path) for path in sorted(HERE.glob("*/table.json"))
}


@lru_cache(maxsize=8192)
def meaning(source: str, code: str, *, carrier: str = "") -> Meaning:
    """What a source's code means; UNMAPPED for a code that no table has, which is kept and changes nothing."""
    table = TABLES.get(source)
    if not table or not code.strip("/ "):
        return UNMAPPED
    parts = _bare(code).split("/")
    shorter = ("/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    tried = [f"{carrier}:{parts[-1]}", "/".join(parts), f"*/{parts[-1]}", *shorter]
    return next((table[key] for key in tried if key in table), UNMAPPED)


@lru_cache(maxsize=1024)
def in_our_words(status: str, substatus: str = "") -> Meaning:
    """The meaning of one of our own statuses, as the API takes it. An unlisted substatus keeps its word; an unknown status is UNMAPPED."""
    found = OURS.get(f"{status}/{substatus}") or OURS.get(status)
    return msgspec.structs.replace(found, substatus=substatus) if found else UNMAPPED


def our_statuses() -> list[str]:
    """Every status that in_our_words knows."""
    return [word for word in OURS if "/" not in word]
