"""What a step of a flow says about an order: an email, a text message as the phone has it, a webhook's body, a word to the team."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.kinds import KINDS
from dashboard import drawn, links
from integrations.webhooks.outbox import Told
from notifications import texts, trial
from notifications.cases import Case, load
from notifications.definition import Definition, Send, Tell
from notifications.identity import identity
from notifications.models import Channel, Flow
from notifications.render import Rendered, language_of
from notifications.sms import segments
from orders.models import Order
from postpurchase.lib import clock, ids
from postpurchase.tenancy.models import Brand
from postpurchase.ui import words

ALPHABETS = {"gsm": "GSM-7", "ucs2": "UCS-2"}
SOME = UUID(int=7 << 76 | 2 << 62)  # of what only a real event has


def says(plan: Definition, wanted: str) -> Send | Tell | None:
    """The step of that id if it says something; else the first that writes to a shopper, or to anybody."""
    found = [step for step in plan.steps if isinstance(step, Send | Tell)]
    first = sorted(found, key=lambda step: isinstance(step, Tell))
    return next((step for step in found if step.id == wanted), first[0] if first else None)


def shown(request: HttpRequest, row: Flow, plan: Definition, step: Send | Tell, order: Order, language: str) -> dict[str, Any]:
    """For the page of a flow: {kind, order_number} and what belongs to the kind. `kind`: email, sms, webhook or team."""
    if isinstance(step, Tell):
        return {"kind": step.to, "order_number": order.number, "subject": _headline(step, row), "body": body_of(step, row, order)}
    brand: Brand = request.brand  # type: ignore[attr-defined]
    query = {"order": ids.to_public("ord", order.pk), "step": step.id} | ({"language": language} if language else {})
    told = {
        "kind": step.channel, "order_number": order.number, "from_text": identity().name(brand), "length": "",
        "preview_url": links.to(request, "flow-preview", query, key=row.key),
    }  # fmt: skip
    try:
        drawing = drawn_of(case_of(step, plan, order, language))
    except drawn.CannotDraw as error:
        return told | {"subject": str(error)}
    return told | {"subject": drawing.subject, "length": length(drawing.text) if step.channel == Channel.SMS.value else ""}


def case_of(step: Send, plan: Definition, order: Order, language: str) -> Case:
    """The step's message about that order, in its own language or another."""
    return load([trial.sample(step, plan, order, locale=language)])[0]


def drawn_of(case: Case) -> Rendered:
    """As its channel shows it. Raises CannotDraw."""
    return drawn.by(texts.render, case) if case.message.channel == Channel.SMS else drawn.now(case)


def length(text: str) -> str:
    """How a text travels: 97 characters in GSM-7: 1 message."""
    found = segments.length(text)
    parts = ngettext("%(n)s message is paid for", "%(n)s messages are paid for", found.parts) % {"n": words.number(found.parts)}
    said = {"n": words.number(len(text)), "alphabet": ALPHABETS[found.alphabet], "parts": parts}
    return _("%(n)s characters in %(alphabet)s: %(parts)s.") % said


def phone(case: Case, brand: Brand) -> str:
    """A document with the text as a telephone shows it."""
    sender = case.texting.sender if case.texting else brand.name
    shown = {"text": drawn_of(case).text, "sender": sender, "language": language_of(case)}
    return render_to_string("dashboard/_text_frame.html", shown)


def _headline(step: Tell, row: Flow) -> str:
    return KINDS["flow"].said(1) if step.to == "team" else _("Call to your endpoints")


def body_of(step: Tell, row: Flow, order: Order) -> str:
    """What the team reads of it, or what endpoints are sent: the same form, with ids of an event that has not been."""
    if step.to == "team":
        return f"{_('Order %(number)s') % {'number': order.number}}: {step.text}"
    parcel = trial.newest_parcel(order)
    enrolled, public = ids.to_public("enr", SOME), ids.to_public("ord", order.pk)
    data = {
        "event_id": ids.to_public("evt", SOME), "test": order.test, "subject": enrolled, "order_id": public, "enrolment_id": enrolled,
        "flow_id": ids.to_public("flw", row.pk), "shipment_id": ids.to_public("shp", parcel.pk) if parcel else None,
        "step": step.id, "text": step.text,
    }  # fmt: skip
    whole = msgspec.json.encode(Told("flow.told", clock.business_now().replace(microsecond=0), data))
    return msgspec.json.format(whole, indent=2).decode()
