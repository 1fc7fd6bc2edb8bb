"""One message: how it looks, why it went or did not, and what to do about a doubt."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import drawn, facts, links, undo, why, wording
from dashboard.page import act, may, note, page, show
from notifications import cases, guards, hold, resolve
from notifications.cases import Case
from notifications.explain.why import why as story_of
from notifications.models import Decision, Guarantee, Message, State, Stream
from notifications.render import Rendered
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Brand, Role

ATTEMPTS = {"sent": ("ok", "check"), "later": ("warn", "clock"), "handing": ("accent", "send")}
MOST_ATTEMPTS = 50
HOLDABLE = (State.DUE, State.HELD)


@page(Role.VIEWER)
def message(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """The whole message."""
    row = get_object_or_404(_whole(), pk=message_id)
    decision = Decision.objects.filter(message=row).first()
    drawing = drawn.kept(row)
    case = cases.load([row])[0] if drawing is None or row.state == State.DUE else None
    checks, note = _checks(row, decision, case)
    context = _head(request, row) | {
        "doubt": _doubt(request, row),
        "again_url": _again_url(request, row) if row.state == State.FAILED else "",
        "held_url": links.to(request, "message-held", message_id=row.pk) if row.state in HOLDABLE and may(request, Role.AGENT) else "",
        "is_held": row.state == State.HELD,
        **_preview(request, row, drawing, case),
        "trace_title": why.title(row),
        "trace": checks,
        "trace_note": note,
        "way": why.way(story_of(row)) if row.enrolment_id else [],
        "attempts": [_attempt(one) for one in row.tries.order_by("number")[:MOST_ATTEMPTS]],
        "facts": _facts(row),
        "decision": _as_json(row, decision) if decision else "",
    }
    return show(request, "dashboard/message.html", "messages", {"message": context})


@page(Role.VIEWER)
def body(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """The email itself, in a document that can run nothing and send nothing."""
    return drawn.document(drawn.either(_shown_or_404(message_id)).html)


@page(Role.VIEWER)
def text(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """The text part."""
    return drawn.plain(drawn.either(_shown_or_404(message_id)).text)


@act(Role.AGENT)
def again(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """Send a message once more that is in doubt or failed."""
    row = get_object_or_404(Message.objects.select_for_update(), pk=message_id)
    before = row.state
    resolve.send_again(row)
    _log(request, "message.again", row, before)
    notes.success(request, _("It goes out once more, now."))
    return redirect(links.to(request, "message", message_id=message_id))


@act(Role.AGENT)
def arrived(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """Somebody saw it arrive: the doubt is over."""
    row = get_object_or_404(Message.objects.select_for_update(), pk=message_id)
    before = row.state
    resolve.it_arrived(row)
    _log(request, "message.arrived", row, before)
    notes.success(request, _("Noted: it arrived. It will not be sent again."))
    return redirect(links.to(request, "message", message_id=message_id))


def _log(request: HttpRequest, what: str, row: Message, before: str) -> None:
    row.refresh_from_db(fields=["state"])
    order = row.order.number if row.order else ""
    changes = {"message": (None, row.template), "state": (before, row.state)}
    note(request, what, subject=to_public("msg", row.pk), words=order, changes=changes)


@act(Role.AGENT)
def held(request: HttpRequest, slug: str, message_id: UUID) -> HttpResponse:
    """Hold a planned message back (on=1), or release it (on=0). The other way is the undo."""
    row, on = get_object_or_404(Message.objects.select_for_update(), pk=message_id), request.POST.get("on") == "1"
    before = row.state
    hold.hold(row) if on else hold.release(row)
    said = _("Held back. It is not sent until somebody releases it.") if on else _("Released. It goes out when it is due.")
    _log(request, "message.held", row, before) if on else _log(request, "message.released", row, before)
    undo.offer(request, said, "message-held", {"on": "0" if on else "1"}, message_id=message_id)
    return redirect(links.to(request, "message", message_id=message_id))


def _whole() -> Any:
    return Message.objects.select_related(
        "order__customer", "flow", "enrolment__version", "enrolment__flow", "enrolment__order", "enrolment__shipment", "customer"
    )


def _shown_or_404(message_id: UUID) -> Message:
    """A message that may be looked at: a code lets its reader act as the shopper, so it is shown to nobody else."""
    row: Message = get_object_or_404(_whole(), pk=message_id)
    if row.template in drawn.SECRET:
        raise Http404
    return row


def _head(request: HttpRequest, row: Message) -> dict[str, Any]:
    brand: Brand = request.brand  # type: ignore[attr-defined]
    person = row.customer or (row.order.customer if row.order else None)
    order = {"number": row.order.number, "url": links.to(request, "order", order_id=row.order.pk)} if row.order else None
    return {
        "name": wording.template(row.template),
        "to_name": (person.name if person else "") or row.to_address or _("nobody"),
        "badge": f"message.{row.state}",
        "badge_word": "",
        "messages_url": links.to(request, "messages"),
        "order": order,
        "at": row.sent_at or row.handed_at or row.due_at,
        "due_at": row.due_at if row.state == State.DUE else None,
        "from_text": brand.sender_name or brand.name,
        "to": row.to_address,
    }


def _doubt(request: HttpRequest, row: Message) -> dict[str, str] | None:
    if row.state != State.UNKNOWN:
        return None
    text = _(
        "The mail server took it and its answer was lost. It is not sent twice by itself. Ask the shopper, or look in the server’s log."
    )
    arrived_url = links.to(request, "message-arrived", message_id=row.pk) if may(request, Role.AGENT) else ""
    return {"text": text, "again_url": _again_url(request, row), "arrived_url": arrived_url}


def _again_url(request: HttpRequest, row: Message) -> str:
    return links.to(request, "message-again", message_id=row.pk) if may(request, Role.AGENT) else ""


def _preview(request: HttpRequest, row: Message, drawing: Rendered | None, case: Case | None) -> dict[str, str]:
    nothing = {"subject": row.subject, "preview_url": "", "text_url": ""}
    if row.template in drawn.SECRET:
        return nothing | {"preview_note": _("It holds a code that is for the shopper alone.")}
    note = ""
    if drawing is None and case:
        planned = _("Drawn from what is true now. It is drawn again when it is due.")
        note = planned if row.state == State.DUE else _("It was never sent. This is how it would look now.")
        try:
            drawing = drawn.now(case)
        except drawn.CannotDraw as error:
            return nothing | {"preview_note": str(error)}
    named = {"preview_url": "message-body", "text_url": "message-text"}
    urls = {key: links.to(request, name, message_id=row.pk) for key, name in named.items()}
    return urls | {"subject": drawing.subject if drawing else row.subject, "preview_note": note}


def _checks(row: Message, decision: Decision | None, case: Case | None) -> tuple[list[dict[str, Any]], str]:
    """(trace, note): what was decided; for a planned message what would be decided now."""
    if decision:
        said = why.trace(decision.checks) or [_because(row)]
        return said, ngettext("%(n)s check", "%(n)s checks", len(said)) % {"n": len(said)}
    if row.state == State.DUE and case:
        return why.trace(guards.decide(case)[2]), _("if it were due now")
    return [_because(row)], ""


def _because(row: Message) -> dict[str, Any]:
    outside = _("Somebody asked for it, outside any flow.")
    said = wording.reason(row.reason) or (outside if not row.enrolment_id else _("Its flow asked for it."))
    return {"tone": "ok" if row.state == State.SENT else "warn", "icon": "info", "title": said, "text": row.error, "at": None}


def _attempt(one: Any) -> dict[str, Any]:
    tone, icon = ATTEMPTS.get(one.outcome, ("bad", "x"))
    said = one.reply or (_("Handing over") if one.outcome == "handing" else one.outcome)
    return {"tone": tone, "icon": icon, "title": _("Attempt %s") % one.number, "text": said, "at": one.started_at}


def _facts(row: Message) -> list[dict[str, Any]]:
    version = row.enrolment.version.number if row.enrolment else None
    flow = _("%(flow)s, version %(version)s") % {"flow": _(row.flow.name), "version": version} if row.flow and version else _("None")
    named = [
        (_("Flow"), flow, False),
        (_("Step"), row.node, False),
        (_("Stream"), Stream(row.stream).label, False),
        (_("Guarantee"), Guarantee(row.guarantee).label, False),
        (_("Language"), facts.language(row.locale), False),
        (_("Server’s name"), row.provider_ref, True),
        (_("Id"), to_public("msg", row.pk), True),
    ]
    return [{"label": label, "value": value, "mono": mono} for label, value, mono in named if value]


def _as_json(row: Message, decision: Decision) -> str:
    """The decision's row, a check a line."""
    told = {
        "decision": decision.verdict,
        "reason": decision.reason,
        "flow": row.flow.key if row.flow else None,
        "version": row.enrolment.version.number if row.enrolment else None,
        "step": decision.node,
        "decided_at": decision.decided_at.isoformat(),
    }
    checks = ",\n".join(f"    {json.dumps(check, ensure_ascii=False)}" for check in decision.checks)
    head = json.dumps(told, indent=2, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n  "checks": [\n{checks}\n  ]\n}}' if checks else f'{head},\n  "checks": []\n}}'
