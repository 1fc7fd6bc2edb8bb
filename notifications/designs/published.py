"""Published designs as they are sent: which version is live, and that version read once for each language."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.designs.content import read
from notifications.designs.drawing import Ready
from notifications.designs.drawing import ready as made_ready
from notifications.models.designs import EmailDesign, EmailDesignVersion, key_of


class Published(NamedTuple):
    """The live version of a design."""

    version: UUID
    number: int


def live(templates: Iterable[str]) -> dict[str, Published]:
    """The live versions of those of the templates that are designs of the merchant in scope. One query; none where none is."""
    keys = {key: one for one in templates if (key := key_of(one))}
    if not keys:
        return {}
    rows = EmailDesign.objects.filter(key__in=keys, live__isnull=False).values_list("key", "live_id", "live__number")
    return {keys[key]: Published(version, number) for key, version, number in rows}


def ready(design: Published | None, language: str) -> Ready:
    """A live version in a language. Raises LookupError where there is none."""
    if design is None:
        raise LookupError(_("The design does not exist, or was never published."))
    return _ready(design.version, language)


@lru_cache(maxsize=2048)
def _ready(version: UUID, language: str) -> Ready:
    """Versions never change, and ids of another shop's are never asked for: live() found them under row security."""
    return made_ready(read(EmailDesignVersion.objects.get(pk=version).content), language)
