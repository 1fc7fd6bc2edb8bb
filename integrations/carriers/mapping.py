"""What carriers' and shops' codes mean in our words. The tables are data: one JSON file per source.

A code has parts, from the general to the particular: `in_transit/arrived_at_facility/PU`. The most particular entry of the table wins;
`<carrier>:<last part>` is tried first, because some carriers' own codes say more than the aggregator's words for them.
"""

from functools import lru_cache
from pathlib import Path

import msgspec

HERE = Path(__file__).parent


class Meaning(msgspec.Struct, frozen=True):
    """status and substatus: where the parcel is. party: who can do something about it. action_required: '', shopper or merchant."""

    status: str = ""
    substatus: str = ""
    party: str = ""
    action_required: str = ""


UNMAPPED = Meaning()
Table = dict[str, Meaning]


def _table(path: Path) -> Table:
    return msgspec.json.decode(path.read_bytes(), type=Table)


OURS = _table(HERE / "tables" / "ours.json")
TABLES: dict[str, Table] = {
    "easypost": _table(HERE / "easypost" / "table.json"),
    "shopify": _table(HERE / "tables" / "shopify.json"),
}


@lru_cache(maxsize=8192)
def meaning(source: str, code: str, *, carrier: str = "") -> Meaning:
    """What a source's code means; UNMAPPED for a code that no table has, which is kept and changes nothing."""
    table = TABLES.get(source)
    parts = code.split("/") if code else []
    if not table or not parts:
        return UNMAPPED
    tried = [f"{carrier}:{parts[-1]}", *("/".join(parts[:length]) for length in range(len(parts), 0, -1))]
    return next((table[key] for key in tried if key in table), UNMAPPED)


@lru_cache(maxsize=1024)
def in_our_words(status: str, substatus: str = "") -> Meaning:
    """The meaning of one of our own statuses, as the API takes it. An unlisted substatus keeps its word; an unknown status is UNMAPPED."""
    found = OURS.get(f"{status}/{substatus}") or OURS.get(status)
    return msgspec.structs.replace(found, substatus=substatus) if found else UNMAPPED


def our_statuses() -> list[str]:
    """Every status that in_our_words knows."""
    return [word for word in OURS if "/" not in word]
