"""The inbox of a connection as a list: what came in, and what became of it."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import links, lists
from dashboard.lists import Filter
from integrations import registry
from integrations.connections.replay import AGAIN
from integrations.models import SETTLED, Connection, Delivery, InboundDelivery
from postpurchase.lib.ids import to_public

KEYS = ("-id",)
VIEWS: dict[str, tuple[str, ...]] = {
    "": SETTLED,
    "waiting": (Delivery.DUE, Delivery.CLAIMED),
    "failed": (Delivery.FAILED,),
    "parked": (Delivery.PARKED,),
    "recorded": (Delivery.DONE,),
    "ignored": (Delivery.IGNORED,),
    "kept": (Delivery.HELD,),
}


def inbox_of(request: HttpRequest, row: Connection, *, editable: bool) -> dict[str, Any]:
    """Tabs, filters, rows and pager. A page costs one query; bodies are left in the database."""
    view, topic = request.GET.get("view", ""), request.GET.get("topic", "")
    rows = InboundDelivery.objects.filter(connection=row, state__in=VIEWS.get(view, ())).filter(Q(topic=topic) if topic else Q())
    log = lists.one_page(request, rows.defer("body", "headers", "result"), KEYS)
    topics = [(name, name) for name in registry.adapter(row.kind).topics]
    return {
        "tabs": lists.tabs(request.GET, [(name, word, None) for name, word in _views().items()], view),
        "filters": lists.chips(request.GET, [Filter("topic", _("Topic"), topics)]),
        "rows": [_row(request, one) for one in log.items],
        "pick": editable and not row.paused_at,
        "narrowed": bool(view or topic),
        "pager": lists.pager(request, log, "received_at"),
    }


def badge_of(row: InboundDelivery) -> str:
    """Waiting for another try is not the same as waiting for the first."""
    return "inbound.retry" if row.state == Delivery.DUE and row.attempts else f"inbound.{row.state}"


def note_of(row: InboundDelivery) -> str:
    """Why it stands where it does, in a few words; '' where there is nothing to say."""
    if row.state == Delivery.PARKED:
        kind, _colon, name = row.parked_for.partition(":")
        return (_("Order %s is not here yet") if kind == "order" else _("Parcel %s is not here yet")) % name
    return row.error


def _views() -> dict[str, str]:
    return {
        "": _("All"),
        "waiting": _("Waiting"),
        "failed": _("Failed"),
        "parked": _("Parked"),
        "recorded": _("Recorded"),
        "ignored": _("Not read"),
        "kept": _("Kept"),
    }


def _row(request: HttpRequest, row: InboundDelivery) -> dict[str, Any]:
    return {
        "id": to_public("ind", row.pk) if row.state in AGAIN else "",
        "url": links.to(request, "inbound-delivery", inbound_id=row.pk),
        "name": row.topic or _("No topic"),
        "note": note_of(row),
        "badge": badge_of(row),
        "attempts": row.attempts,
        "at": row.received_at,
    }
