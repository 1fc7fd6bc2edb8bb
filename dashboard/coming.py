"""What an order is to expect, in words: planned messages, and those that may follow and under which conditions."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import verdicts, wording
from notifications.explain.expected import Expected, expected
from notifications.models import State
from orders.models import Order
from postpurchase.ui import words


def of(request: HttpRequest, order: Order) -> list[dict[str, Any]]:
    """For ui/_trace.html; empty for an order whose story is over."""
    return [_line(one) for one in expected(order)]


def _line(one: Expected) -> dict[str, Any]:
    name = wording.template(one.template)
    if one.message:
        when = words.moment(words.localised(one.message.due_at), words.now())
        held = one.message.state == State.HELD
        title = _("“%(name)s” is held back; it was planned for %(when)s") if held else _("“%(name)s” is planned for %(when)s")
        return {"tone": "warn" if held else "ok", "icon": "clock", "title": title % {"name": name, "when": when}, "text": "", "at": None}
    title = _("“%s” may follow") % name
    if one.earliest:
        when = words.moment(words.localised(one.earliest), words.now())
        title = _("“%(name)s” may follow, not before %(when)s") % {"name": name, "when": when}
    text = ", ".join(verdicts.under(hinge) for hinge in one.under)
    return {"tone": "neutral", "icon": "circle-dot", "title": title, "text": text, "at": None}
