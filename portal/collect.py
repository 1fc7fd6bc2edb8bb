"""The pick-up points that a shopper may choose from, and the one that was chosen."""

from collections.abc import Sequence

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orders.models import Order
from portal.asking import OVER
from portal.reading import Facts
from postpurchase.lib.ids import to_public
from tracking import points
from tracking.point import PickupPoint


def offered(facts: Facts) -> list[PickupPoint]:
    """Those of the shop that fit what is on its way, the nearest to the order's address first; before it is shipped, of any carrier."""
    postcode = Order.objects.values_list("ship_postcode", flat=True).get(pk=facts.order.id)
    coming = {one.carrier for one in facts.parcels if one.carrier and one.status not in OVER}
    return points.fitting(facts.order.ship_country, postcode, coming)


class PointField(forms.ChoiceField):
    """One of these. What is not among them, another shop's or one that is no longer offered, is unknown."""

    def __init__(self, rows: Sequence[PickupPoint]) -> None:
        self.rows = {to_public("pup", row.pk): row for row in rows}
        said = {"required": _("Choose one of the points."), "invalid_choice": _("This point is not on offer any more. Choose another.")}
        super().__init__(
            label=_("Where do you collect it?"),
            choices=[(name, _label(row)) for name, row in self.rows.items()],
            widget=forms.RadioSelect,
            error_messages=said,
        )

    def said(self, name: str) -> str:
        """The chosen one, as the shop reads it."""
        return points.request_of(self.rows[name])


def _label(row: PickupPoint) -> SafeString:
    lines = format_html_join("", '<br><bdi class="quiet small">{}</bdi>', ((line,) for line in (row.address, row.hours) if line))
    return format_html("<span><bdi>{}</bdi>{}</span>", row.name, lines)
