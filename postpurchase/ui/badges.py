"""Every state that a person sees: tone, icon and word. Colour never stands alone."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from postpurchase.ui.parcels import PARCELS
from postpurchase.ui.parcels import Badge as Badge

BADGES: Final[dict[str, Badge]] = {
    **PARCELS,
    # How a parcel fares
    "late": Badge("warn", "clock", _("Late")),
    "stalled": Badge("warn", "hourglass", _("Stalled")),
    "no_scan_after_label": Badge("warn", "hourglass", _("Not picked up")),
    "pickup_expiring": Badge("warn", "clock", _("Collect soon")),
    "conflict": Badge("warn", "circle-help", _("Scans disagree")),
    "missing": Badge("warn", "circle-help", _("Not arrived")),
    "request": Badge("info", "message-circle", _("Request")),
    # Orders
    "placed": Badge("neutral", "store", _("Placed")),
    "unfulfilled": Badge("neutral", "package", _("Not shipped")),
    "partly_shipped": Badge("accent", "truck", _("Partly shipped")),
    "shipped": Badge("accent", "truck", _("Shipped")),
    "fulfilled": Badge("ok", "package-check", _("Shipped")),
    "paid": Badge("ok", "check", _("Paid")),
    "payment_pending": Badge("warn", "clock", _("Not paid yet")),
    "refunded": Badge("neutral", "undo-2", _("Refunded")),
    "partly_refunded": Badge("neutral", "undo-2", _("Partly refunded")),
    "test": Badge("info", "flask-conical", _("Test")),
    # Messages: their states, and what became of a sent one
    "message.due": Badge("neutral", "calendar-clock", _("Planned")),
    "message.held": Badge("warn", "pause", _("Held back")),
    "message.claimed": Badge("accent", "send", _("Sending")),
    "message.handing": Badge("accent", "send", _("Sending")),
    "message.sent": Badge("ok", "circle-check", _("Sent")),
    "message.unknown": Badge("bad", "circle-help", _("In doubt")),
    "message.failed": Badge("bad", "circle-x", _("Failed")),
    "message.skipped": Badge("warn", "ban", _("Not sent")),
    "message.cancelled": Badge("neutral", "ban", _("Called off")),
    "message.expired": Badge("warn", "clock", _("Too late to send")),
    "opened": Badge("ok", "eye", _("Opened")),
    "clicked": Badge("ok", "mouse-pointer-click", _("Clicked")),
    "bounced": Badge("bad", "mail-x", _("Bounced")),
    "complained": Badge("bad", "triangle-alert", _("Marked as spam")),
    # Webhooks: endpoints, and what became of a delivery
    "hook.healthy": Badge("ok", "circle-check", _("Healthy")),
    "hook.quiet": Badge("neutral", "circle", _("Nothing sent yet")),
    "hook.failing": Badge("warn", "triangle-alert", _("Failing")),
    "hook.off": Badge("neutral", "pause", _("Off")),
    "hook.stopped": Badge("bad", "circle-x", _("Stopped")),
    "hook.due": Badge("neutral", "clock", _("Waiting")),
    "hook.retry": Badge("warn", "rotate-ccw", _("Trying again")),
    "hook.claimed": Badge("accent", "send", _("Sending")),
    "hook.done": Badge("ok", "circle-check", _("Delivered")),
    "hook.failed": Badge("bad", "circle-x", _("Failed")),
    "hook.held": Badge("neutral", "pause", _("Kept")),
    # Connections, what came in by them, and what it made
    "inbound.healthy": Badge("ok", "circle-check", _("Healthy")),
    "inbound.quiet": Badge("neutral", "circle", _("Nothing received yet")),
    "inbound.unproved": Badge("info", "info", _("Secret missing")),
    "inbound.failing": Badge("warn", "triangle-alert", _("Failing")),
    "inbound.behind": Badge("warn", "hourglass", _("Behind")),
    "inbound.paused": Badge("neutral", "pause", _("Paused")),
    "inbound.due": Badge("neutral", "clock", _("Waiting")),
    "inbound.retry": Badge("warn", "rotate-ccw", _("Trying again")),
    "inbound.claimed": Badge("accent", "search", _("Being read")),
    "inbound.done": Badge("ok", "circle-check", _("Recorded")),
    "inbound.parked": Badge("warn", "hourglass", _("Waits for its order")),
    "inbound.ignored": Badge("neutral", "circle", _("Not read")),
    "inbound.failed": Badge("bad", "circle-x", _("Failed")),
    "inbound.held": Badge("neutral", "pause", _("Kept")),
    "outcome.created": Badge("ok", "plus", _("Made")),
    "outcome.updated": Badge("ok", "pencil", _("Changed")),
    "outcome.unchanged": Badge("neutral", "check", _("Known already")),
    "outcome.stale": Badge("neutral", "clock", _("Older than what we have")),
    "outcome.parked": Badge("warn", "hourglass", _("Waits for its order")),
    "outcome.refused": Badge("bad", "circle-x", _("Refused")),
    # Domains and their records
    "domain.waiting": Badge("info", "hourglass", _("Waiting for DNS")),
    "domain.verified": Badge("ok", "circle-check", _("Verified")),
    "domain.broken": Badge("bad", "triangle-alert", _("Broken")),
    "record.found": Badge("ok", "circle-check", _("Found")),
    "record.wrong": Badge("bad", "circle-x", _("Wrong value")),
    "record.missing": Badge("warn", "circle", _("Missing")),
    "record.silent": Badge("neutral", "circle-help", _("No answer")),
    "record.unasked": Badge("neutral", "clock", _("Not checked yet")),
    # Acts on many rows
    "job.running": Badge("accent", "refresh-cw", _("At work")),
    "job.done": Badge("ok", "circle-check", _("Done")),
    "job.cancelled": Badge("neutral", "ban", _("Stopped")),
    "job.failed": Badge("bad", "circle-x", _("Failed")),
    # Imports and exports
    "import.draft": Badge("info", "info", _("Columns to confirm")),
    "import.checking": Badge("accent", "search", _("Being checked")),
    "import.checked": Badge("info", "circle-check", _("Ready to run")),
    "import.running": Badge("accent", "play", _("Running")),
    "import.done": Badge("ok", "circle-check", _("Done")),
    "import.cancelled": Badge("neutral", "ban", _("Cancelled")),
    "import.failed": Badge("bad", "circle-x", _("Failed")),
    "export.running": Badge("accent", "play", _("Being written")),
    "export.done": Badge("ok", "circle-check", _("Ready")),
    "export.failed": Badge("bad", "circle-x", _("Failed")),
    # API keys
    "key.on": Badge("ok", "circle-check", _("Works")),
    "key.ending": Badge("warn", "clock", _("Ends soon")),
    "key.ended": Badge("neutral", "circle", _("Ended")),
    "key.revoked": Badge("neutral", "ban", _("Revoked")),
    # Flows and streams
    "on": Badge("ok", "circle-check", _("On")),
    "off": Badge("neutral", "circle", _("Off")),
    "marketing": Badge("info", "heart", _("Marketing")),
    "transactional": Badge("neutral", "package", _("Order message")),
    "set_up": Badge("info", "info", _("Set up")),
}


def badge_for(status: Any, word: str = "") -> Badge:
    """The badge of a status name, or of an object with tone, icon and word; `word` overrides the text.

    An unknown name is shown as it is, in neutral: a new state must never break a page.
    """
    if isinstance(status, str):
        found = BADGES.get(status) or Badge("neutral", "circle", status.replace("_", " ").capitalize())
    elif isinstance(status, dict):
        found = Badge(status["tone"], status["icon"], status["word"])
    else:
        found = Badge(status.tone, status.icon, status.word)
    return Badge(found.tone, found.icon, word) if word else found
