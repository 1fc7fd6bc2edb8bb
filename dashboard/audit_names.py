"""Who and what the entries of the audit log are about, by the names of today: a deleted account has none any more."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from postpurchase.lib.ids import from_public
from postpurchase.tenancy.models import ApiKey, AuditEntry, Invitation, User


class Names:
    """The names that some entries need. Three queries, however many entries."""

    def __init__(self, entries: Iterable[AuditEntry]) -> None:
        said = [text for entry in entries for text in _mentioned(entry)]
        people = [number for text in said if (number := number_of(text))]
        keys = [pk for text in said if (pk := from_public("key", text))]
        asked = [pk for text in said if (pk := from_public("inv", text))]
        self.people = {user.pk: str(user) for user in User.objects.filter(pk__in=people)}
        self._keys = {row.pk: row.label for row in ApiKey.objects.filter(pk__in=keys)}
        self._asked = dict(Invitation.objects.filter(pk__in=asked).values_list("pk", "email"))

    def actor(self, text: str) -> str:
        """Who did it."""
        if number := number_of(text):
            return self.people.get(number, _("Somebody"))
        if text.startswith("key_"):
            return _("API key %s") % self._keys.get(from_public("key", text), text)  # type: ignore[arg-type]
        return _("Postpurchase")

    def subject(self, entry: AuditEntry) -> str:
        """What it was done to: people by name, all else as it was called then."""
        if number := number_of(entry.subject):
            return self.people.get(number, _("Somebody"))
        return entry.words or self._asked.get(from_public("inv", entry.subject), "")  # type: ignore[arg-type]


def number_of(text: str) -> int | None:
    """12 of "person:12"; None for anything else."""
    head, _sign, number = text.partition(":")
    return int(number) if head == "person" and number.isdecimal() and len(number) < 19 else None


def _mentioned(entry: AuditEntry) -> Iterator[str]:
    yield from (entry.actor, entry.subject)
    for pair in entry.changes.values():
        yield from (f"person:{one['person']}" for one in pair if _is_person(one))


def _is_person(value: Any) -> bool:
    return isinstance(value, dict) and "person" in value
