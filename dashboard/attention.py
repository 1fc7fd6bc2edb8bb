"""The rows of home that need somebody: parcels in trouble, messages in doubt or failed. Each leads to what it counts."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard import links
from dashboard.queue_counts import counted
from integrations.webhooks import questions as endpoint_questions
from notifications.models import State
from notifications.questions import need_eye
from postpurchase.lib import clock
from postpurchase.ui import words
from tracking import overview, questions
from tracking.models import Scan
from tracking.questions import Concern

Row = dict[str, Any]
BADGES = {questions.HELD_UP: "exception", "undelivered": "attempt_failed"}


def rows(request: HttpRequest) -> list[Row]:
    """What stands still, what is late, what is held up, what is in doubt, what failed, which endpoint we stopped. Nine queries."""
    concerns = [concern for concern in questions.attention(1) if concern.parcels and concern.oldest]
    seen = overview.last_seen([concern.oldest[0].shipment_id for concern in concerns])
    told = [_parcels(request, concern, seen.get(concern.oldest[0].shipment_id)) for concern in concerns]
    waiting: list[Any] = list(need_eye().order_by("due_at", "id").values("id", "state", "error")[:500])
    doubts = [row for row in waiting if row["state"] == State.UNKNOWN]
    failed = [row for row in waiting if row["state"] == State.FAILED]
    return told + _doubts(request, doubts) + _failed(request, failed) + _stopped(request)


def queue(request: HttpRequest) -> dict[str, str] | None:
    """How many parcels wait for an answer, how many of them are past their day and one's own; None where none does. One query."""
    found = counted(request, whole=True)
    count = found.parcels
    if not count:
        return None
    said = {"waiting": words.number(count), "past": words.number(found.past), "mine": words.number(found.mine)}
    text = ngettext("%(waiting)s parcel waits for an answer", "%(waiting)s parcels wait for an answer", count) % said
    return {"text": text, "note": _("%(past)s past their day, %(mine)s yours") % said, "url": links.to(request, "work")}


def _parcels(request: HttpRequest, concern: Concern, seen: Scan | None) -> Row:
    count = concern.parcels
    said = {
        "stalled": ngettext("%(n)s parcel stands still", "%(n)s parcels stand still", count),
        "late": ngettext("%(n)s parcel is later than promised", "%(n)s parcels are later than promised", count),
        "undelivered": ngettext("%(n)s parcel was tried and not delivered", "%(n)s parcels were tried and not delivered", count),
        questions.HELD_UP: ngettext("%(n)s parcel is held up", "%(n)s parcels are held up", count),
    }[concern.kind]
    return {
        "badge": BADGES.get(concern.kind, concern.kind),
        "title": said % {"n": words.number(count)},
        "text": _oldest(concern, seen),
        "url": links.to(request, "shipments", {"parcel": concern.kind}),
        "act": _("Review"),
    }


def _oldest(concern: Concern, seen: Scan | None) -> str:
    parcel = concern.oldest[0]
    since = seen.occurred_at if seen and concern.kind == "stalled" else parcel.since
    days = (clock.business_now() - since).days
    said = ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("since today")
    place = seen.place if seen else ""
    told = (parcel.order_number or parcel.number, said, _("last seen in %s") % place if place else "")
    return _("Longest: %s") % ", ".join(part for part in told if part)


def _doubts(request: HttpRequest, found: list[Row]) -> list[Row]:
    if not found:
        return []
    title = ngettext("%(n)s message may or may not have left", "%(n)s messages may or may not have left", len(found)) % {"n": len(found)}
    text = _("The mail server did not answer after we handed it over. Not sent twice.")
    return [{"badge": "message.unknown", "title": title, "text": text, "url": _where(request, found, "doubt"), "act": _("Decide")}]


def _failed(request: HttpRequest, found: list[Row]) -> list[Row]:
    if not found:
        return []
    title = ngettext("%(n)s message failed", "%(n)s messages failed", len(found)) % {"n": len(found)}
    text = found[-1]["error"] or _("The mail server refused it.")
    return [
        {
            "badge": "message.failed",
            "title": title,
            "text": text,
            "url": _where(request, found, "failed"),
            "act": pgettext("a link", "Look"),
        }
    ]


def _stopped(request: HttpRequest) -> list[Row]:
    found = list(endpoint_questions.stopped())
    if not found:
        return []
    title = ngettext("%(n)s webhook endpoint was stopped", "%(n)s webhook endpoints were stopped", len(found)) % {"n": len(found)}
    text = _("%s is told nothing any more; what it misses is kept.") % found[0]
    url = links.to(request, "webhook", endpoint_id=found[0].pk) if len(found) == 1 else links.to(request, "webhooks")
    return [{"badge": "hook.stopped", "title": title, "text": text, "url": url, "act": pgettext("a link", "Look")}]


def _where(request: HttpRequest, found: list[Row], view: str) -> str:
    """The message itself if it is one, else the list of them."""
    if len(found) == 1:
        return links.to(request, "message", message_id=found[0]["id"])
    return links.to(request, "messages", {"view": view} | ({"since": "14d"} if view == "failed" else {}))
