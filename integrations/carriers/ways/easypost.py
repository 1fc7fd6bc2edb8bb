"""Asking EasyPost about a number (docs.easypost.com, "Trackers"): what it has of it, and a tracker for one that it has nothing of.

Making one is asked of EasyPost once: the same code again brings the same tracker. It is charged there, asking is not.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from integrations.carriers.ways.way import BROKEN, JSON, OK, Ask, Said, Way, basic, get


class _Answer(msgspec.Struct):
    trackers: list[Any] | None = None
    tracking_code: str = ""


_answers = msgspec.json.Decoder(_Answer)


def _ask(number: str, account: Mapping[str, str], base: str) -> Ask:
    return get(f"{base}/v2/trackers?{urlencode({'tracking_code': number, 'page_size': 20})}", Authorization=basic(account["api_key"], ""))


def _begin(number: str, account: Mapping[str, str], base: str) -> Ask:
    headers = {"Accept": JSON, "Content-Type": JSON, "Authorization": basic(account["api_key"], "")}
    return Ask("POST", f"{base}/v2/trackers", headers, json.dumps({"tracker": {"tracking_code": number}}).encode())


def _said(body: bytes) -> Said:
    try:
        answer = _answers.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Said(BROKEN, "Its answer is no list of trackers.")
    if answer.trackers is None and not answer.tracking_code:
        return Said(BROKEN, "Its answer is no list of trackers.")
    return Said(OK, stranger=answer.trackers == [])


WAY = Way("https://api.easypost.com", ("api_key",), (), _ask, said=_said, begin=_begin)
