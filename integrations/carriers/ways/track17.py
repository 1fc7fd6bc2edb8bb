"""Asking 17TRACK about a number, API v2.2. It answers for numbers it was told of ("registered", which counts against the account's quota),
and says its errors in codes inside an answer of 200.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from integrations.carriers.ways.way import BROKEN, BUSY, JSON, OK, REFUSED, UNKNOWN, Ask, Said, Way

STRANGER = -18019902  # registered by nobody in this account
MEANS = {
    -18010001: Said(REFUSED, "It does not take calls from this address: see the list of addresses in the 17TRACK console."),
    -18010002: Said(REFUSED, "It does not know the API key."),
    -18010003: Said(BROKEN, "It had a fault of its own."),
    -18010004: Said(REFUSED, "The account is disabled there."),
    -18010005: Said(REFUSED, "The API key may not do this there."),
    -18010014: Said(BUSY, "Too many calls at once.", wait=60),
    -18019907: Said(BUSY, "The calls of the day are used up there.", wait=3600),
    -18019908: Said(BUSY, "The quota is used up there.", wait=6 * 3600),
    STRANGER: Said(UNKNOWN, stranger=True),
}


class _Answer(msgspec.Struct):
    code: int
    data: Any = None


_answers = msgspec.json.Decoder(_Answer)


def _ask(number: str, account: Mapping[str, str], base: str) -> Ask:
    return _post(f"{base}/track/v2.2/gettrackinfo", number, account)


def _begin(number: str, account: Mapping[str, str], base: str) -> Ask:
    return _post(f"{base}/track/v2.2/register", number, account)


def _post(url: str, number: str, account: Mapping[str, str]) -> Ask:
    headers = {"Accept": JSON, "Content-Type": JSON, "17token": account["api_key"]}
    return Ask("POST", url, headers, json.dumps([{"number": number}]).encode())


def _said(body: bytes) -> Said:
    """The gravest of its codes; one that is none of MEANS speaks of the number: not known, or not yet."""
    try:
        answer = _answers.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Said(BROKEN, "Its answer cannot be read.")
    codes = [answer.code, *_inner(answer.data)]
    meant = [MEANS[code] for code in codes if code in MEANS]
    if meant:
        return max(meant, key=lambda one: (one.status != UNKNOWN, one.wait))
    told = isinstance(answer.data, dict) and any(
        isinstance(one, dict) and one.get("track_info") for one in _list(answer.data.get("accepted"))
    )
    return Said(OK if told else UNKNOWN)


def _inner(data: Any) -> Iterator[int]:
    """The codes of errors about the call, and about numbers."""
    if isinstance(data, dict):
        errors = [*_list(data.get("errors")), *(one.get("error") for one in _list(data.get("rejected")) if isinstance(one, dict))]
        yield from (one["code"] for one in errors if isinstance(one, dict) and isinstance(one.get("code"), int))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


WAY = Way("https://api.17track.net", ("api_key",), (), _ask, a_minute=120, said=_said, begin=_begin)
