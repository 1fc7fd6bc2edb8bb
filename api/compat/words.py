"""Our statuses in a service's words, from its words.json: the most particular entry wins, 'exception/refused' before 'exception'."""

from collections.abc import Mapping

from django.db.models import Q


def word(words: Mapping[str, str], status: str, substatus: str) -> str | None:
    """Their word with its number (Exception_003, exception009); None for a scan whose code nobody has explained yet."""
    return words.get(f"{status}/{substatus}") or words.get(status)


def group(theirs: str) -> str:
    """The word without its number: Exception, exception."""
    return theirs.rstrip("0123456789").rstrip("_")


def groups(words: Mapping[str, str]) -> set[str]:
    """Every group of the service."""
    return {group(theirs) for theirs in words.values()}


def under(words: Mapping[str, str], wanted: str) -> Q:
    """The parcels that are shown under a group of theirs."""
    found = Q(pk__in=[])
    for name, theirs in words.items():
        status, _, substatus = name.partition("/")
        if group(theirs) == wanted:
            found |= Q(status=status, substatus=substatus) if substatus else Q(status=status) & ~_elsewhere(words, status, wanted)
    return found


def _elsewhere(words: Mapping[str, str], status: str, wanted: str) -> Q:
    parts = [name.partition("/")[2] for name, theirs in words.items() if name.startswith(f"{status}/") and group(theirs) != wanted]
    return Q(substatus__in=parts)
