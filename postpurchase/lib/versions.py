"""What merchants design has a draft and numbered versions, of which one is live: emails, the tracking page.

A design has `draft`, `live`, `changed_at` and `versions`; a version `number` and `content`. Each act needs the design's row locked.
"""

from typing import Any

from django.utils.translation import gettext as _

from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove


def publish(design: Any) -> Any:
    """The draft becomes the live version, with the next number; the same draft twice stays one version. Returns it."""
    newest = design.versions.order_by("-number").first()
    if newest is None or newest.content != design.draft:
        newest = design.versions.create(number=newest.number + 1 if newest else 1, content=design.draft)
    return _go_live(design, newest)


def roll_back(design: Any, number: int) -> Any:
    """An older version is live again, and the draft is what it was. Returns it. Raises IllegalMove for a number that there is not."""
    found = design.versions.filter(number=number).first()
    if found is None:
        raise IllegalMove(_("There is no version %s.") % number)
    design.draft = found.content
    return _go_live(design, found)


def unpublished(design: Any) -> bool:
    """Whether the draft says something else than what is live."""
    return design.live is None or bool(design.live.content != design.draft)


def _go_live(design: Any, version: Any) -> Any:
    design.live, design.changed_at = version, clock.business_now()
    design.save(update_fields=["live", "draft", "changed_at"])
    return version
