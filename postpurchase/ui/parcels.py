"""Where a parcel is, as badges that shoppers and the team see. The team's other states: badges.py."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Badge:
    """How a state looks: tone (neutral, accent, ok, warn, bad, info), icon of the sprite, word."""

    tone: str
    icon: str
    word: str | Promise


PARCELS: Final[dict[str, Badge]] = {
    "pending": Badge("neutral", "circle", _("Not scanned yet")),
    "info_received": Badge("neutral", "package", _("Label made")),
    "in_transit": Badge("accent", "truck", _("On the way")),
    "out_for_delivery": Badge("accent", "truck", _("Out for delivery")),
    "attempt_failed": Badge("warn", "bell", _("Delivery tried")),
    "available_for_pickup": Badge("accent", "map-pin", _("Ready to collect")),
    "exception": Badge("bad", "triangle-alert", _("Problem")),
    "delivered": Badge("ok", "circle-check", _("Delivered")),
    "returning": Badge("warn", "undo-2", _("Going back")),
    "returned": Badge("neutral", "undo-2", _("Back with the sender")),
    "lost_or_destroyed": Badge("bad", "package-x", _("Lost")),
    "expired": Badge("neutral", "clock", _("No news")),
    "unknown": Badge("neutral", "circle-help", _("Unknown")),
    "cancelled": Badge("neutral", "ban", _("Cancelled")),
}
