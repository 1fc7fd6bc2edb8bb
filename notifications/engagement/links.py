"""Links of a message, made to lead through us as it is sent: /c/<token> knows where, and that it was this message."""

import html
import re
from dataclasses import replace
from uuid import UUID

import msgspec
from django.db import connection

from integrations.senders.base import Envelope
from notifications.models import Message
from postpurchase.lib import crypto, ids
from postpurchase.tenancy.models import Brand, CountOpens

HREF = 'href="'
PLAIN = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
MOST = 200  # links of a message
TRAP, PIXEL = 250, 251  # places beside those of links
AT_ONCE = bytes([0, 1, 2, 3, 4, 5, TRAP, PIXEL])  # places that most messages have: enciphered together
END = "</body>"
# Where opening a mail may be noted only with consent: the EEA, the United Kingdom, Switzerland.
ASKS = frozenset(re.findall("..", "ATBEBGCHCYCZDEDKEEESFIFRGBGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"))
KEEP = """
INSERT INTO notifications_link (id, merchant_id, message_id, targets)
SELECT id, %s, message, targets::jsonb FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS r (id, message, targets)"""


class Rewriter:
    """Makes the links of a merchant's messages lead through us; `save` then keeps where they lead, in one statement."""

    def __init__(self, merchant_id: UUID) -> None:
        self._merchant_id, self._tokens = merchant_id, crypto.Tokens()
        self._rows: list[tuple[UUID, UUID, str]] = []

    def through(self, message: Message, brand: Brand, country: str, envelope: Envelope) -> Envelope:
        """The same message with our links; as it is where the brand does not count, and for tests."""
        opens = envelope.html and counts_opens(brand, country)
        if message.test or not (brand.count_clicks or opens):
            return envelope
        written = _Written(brand.portal_url, _base(), self._tokens)
        body, text = envelope.html, envelope.text
        if brand.count_clicks:
            body, text = _in_html(body, written), _in_text(text, written)
        extra = (written.trap() if written.places and body else "") + (written.pixel() if opens else "")
        if written.places or opens:
            self._rows.append((written.base, message.pk, msgspec.json.encode(list(written.places)).decode()))
        return replace(envelope, html=body.replace(END, extra + END) if extra else body, text=text)

    def save(self) -> None:
        """Keep where the links lead."""
        if self._rows:
            bases, messages, targets = zip(*self._rows, strict=True)
            with connection.cursor() as cursor:
                cursor.execute(KEEP, [self._merchant_id, list(bases), list(messages), list(targets)])


class _Written:
    """The links of one message, as they are found."""

    def __init__(self, portal: str, base: UUID, tokens: crypto.Tokens) -> None:
        self.base, self.places, self._tokens = base, dict[str, int](), tokens
        self._spelled = dict(zip(AT_ONCE, tokens.of_places(base, AT_ONCE), strict=True))
        self._click, self._opened, self._kept = f"{portal}/c/", f"{portal}/o/", f"{portal}/u/"

    def link(self, target: str, spelled: str) -> str:
        """Our address for a target. Ways out of the list stay as they are, so that nothing stands between a person and them."""
        if target.startswith(self._kept) or (target not in self.places and len(self.places) >= MOST):
            return spelled
        return self._click + self._token(self.places.setdefault(target, len(self.places)))

    def trap(self) -> str:
        """A link that nobody sees: who follows it follows all."""
        return f'<a href="{self._click}{self._token(TRAP)}" style="display:none" aria-hidden="true" tabindex="-1"></a>'

    def pixel(self) -> str:
        """A picture that is fetched when the mail is shown."""
        return f'<img src="{self._opened}{self._token(PIXEL)}.gif" width="1" height="1" alt="" style="display:block;border:0">'

    def _token(self, place: int) -> str:
        return self._spelled.get(place) or self._tokens.of(UUID(int=self.base.int | place))


def _in_html(body: str, written: _Written) -> str:
    """Split by hand: searching a mail for a pattern costs thirty times as much."""
    first, *rest = body.split(HREF)
    found = [first]
    for part in rest:
        spelled, quote, after = part.partition('"')
        target = html.unescape(spelled) if "&" in spelled else spelled
        found += (written.link(target, spelled) if spelled.startswith(("http://", "https://")) else spelled, quote, after)
    return found[0] + "".join(HREF + "".join(found[at : at + 3]) for at in range(1, len(found), 3))


def _in_text(text: str, written: _Written) -> str:
    return PLAIN.sub(lambda found: written.link(found[0], found[0]), text)


def _base() -> UUID:
    return UUID(int=ids.uuid7().int & ~0xFF)


def split(token: str) -> tuple[UUID, int] | None:
    """(id of the Link row, place) that a token may stand for; None for a malformed one. Whether the row exists is to be asked."""
    found = crypto.from_link_token(token)
    return (UUID(int=found.int & ~0xFF), found.int & 0xFF) if found else None


def counts_opens(brand: Brand, country: str) -> bool:
    """Whether a mail to that country (ISO 3166-1 alpha-2, '' where it is not known) may say that it was opened."""
    if brand.count_opens == CountOpens.OUTSIDE_EUROPE:
        return bool(country) and country.upper() not in ASKS
    return brand.count_opens == CountOpens.EVERYWHERE
