"""What a carrier's login says: a token, and how long it holds. Pure."""

from datetime import timedelta
from typing import NamedTuple

import msgspec

from postpurchase.lib.http import Answer

EARLY = 60  # seconds before its end at which a token is not used any more
SHORTEST = 60


class NoToken(Exception):
    """The login gave none. The text is for the merchant; `status` is the answer's, `asked` the seconds of its Retry-After."""

    def __init__(self, text: str, answer: Answer) -> None:
        super().__init__(text)
        self.status, self.asked = answer.status, answer.asked


class Token(NamedTuple):
    """A bearer token, and for how long from now it is safe to use."""

    token: str
    holds: timedelta


class _Told(msgspec.Struct):
    access_token: str
    expires_in: int | str = 600


def login(answer: Answer) -> Token:
    """The token in the answer. Raises NoToken."""
    if answer.status != 200:
        raise NoToken(f"it answered {answer.status}.", answer)
    try:
        told = msgspec.json.decode(answer.body, type=_Told)
        seconds = int(told.expires_in)
    except (msgspec.DecodeError, ValueError, UnicodeDecodeError):
        raise NoToken("its answer holds no token.", answer) from None
    return Token(told.access_token, timedelta(seconds=max(SHORTEST, seconds) - EARLY))
