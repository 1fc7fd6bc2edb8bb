"""The anonymous tracking page as bytes."""

from typing import Any, NamedTuple
from uuid import UUID

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from portal import pages, reading
from portal.looks import look_of
from portal.shown import Details, Page
from portal.tongue import speaking
from postpurchase.tenancy.scope import in_merchant


class Drawn(NamedTuple):
    """An answer without its headers."""

    status: int
    body: bytes


def anonymous(merchant_id: UUID, order_id: UUID, token: str, language: str) -> Drawn | None:
    """What anybody with the link may see; 410 once the link has expired; None for an order that is gone."""
    with in_merchant(merchant_id):
        facts = reading.read(order_id)
    if facts is None:
        return None
    with speaking(language, facts.brand.time_zone):
        if pages.expired(facts.order):
            return Drawn(410, _draw("portal/gone.html", facts, find_url=reverse("portal:find", args=[facts.slug])))
        return Drawn(200, _draw("portal/tracking.html", facts, page=pages.build(facts, token)))


def whole(facts: reading.Facts, token: str, details: Details) -> bytes:
    """The page for its buyer. Call it with the reader's language and the brand's zone active."""
    return _draw("portal/tracking.html", facts, page=pages.build(facts, token, details))


def _draw(template: str, facts: reading.Facts, **context: Page | str) -> bytes:
    values: dict[str, Any] = {"brand": look_of(facts.brand), **context}
    drawn: str = get_template(template).template.render(Context(values))  # type: ignore[attr-defined]
    return drawn.encode()
