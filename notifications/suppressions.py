"""The list of addresses that are not written to, as the team keeps it: looked up, added to, lifted. Only hashes are kept."""

import re
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from notifications.consent import EMAIL, SMS, address_hash
from notifications.models import Suppression
from postpurchase.lib.states import IllegalMove

BY_HAND, IMPORTED = "by_hand", "imported"
MOST: Final = 50_000  # lines of a list
ADDRESS = re.compile(r"[^@\s,;\"<>]+@[^@\s,;\"<>]+\.[^@\s,;\"<>]+")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
ASKED_FOR = ("complained", "erased")  # reasons that are the person's own wish, beyond an unsubscribe


def channel_of(address: str) -> str:
    """email or sms, by how it is written; '' for what is neither an address nor a number with its country's code."""
    plain = address.strip()
    if ADDRESS.fullmatch(plain) and len(plain) <= 254:
        return EMAIL
    return SMS if NUMBER.fullmatch(re.sub(r"[\s()./-]", "", plain)) else ""


def plain(address: str) -> str:
    """As it is compared: numbers without what people put between digits."""
    return address.strip().lower() if "@" in address else re.sub(r"[\s()./-]", "", address)


def of(address: str) -> QuerySet[Suppression]:
    """What is kept of an address."""
    return Suppression.objects.filter(address_hash=address_hash(plain(address)))


def add_all(addresses: Iterable[str], *, scope: str, reason: str) -> int:
    """Add addresses and numbers; how many were not on the list before. The caller has checked them with channel_of."""
    before = Suppression.objects.count()
    rows = [Suppression(address_hash=address_hash(plain(one)), channel=channel_of(one), scope=scope, reason=reason) for one in addresses]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return Suppression.objects.count() - before


def lift(row: Suppression, *, sure: bool) -> None:
    """Take an address off the list. Raises IllegalMove for what the person asked for by themselves, unless somebody is sure."""
    if row.reason in ASKED_FOR and not sure:
        raise IllegalMove(_("This person asked for it. Confirm that they want your messages again."))
    row.delete()


def read(text: str) -> tuple[list[str], list[int]]:
    """(the addresses of a list, the numbers of lines that hold none). The first column of each line counts; a heading is passed over."""
    found, wrong = [], []
    for place, line in enumerate(text.splitlines(), start=1):
        cell = re.split(r"[,;\t]", line.strip(), maxsplit=1)[0].strip(' "\ufeff')
        if channel_of(cell):
            found.append(cell)
        elif cell and place > 1:
            wrong.append(place)
    return list(dict.fromkeys(found)), wrong
