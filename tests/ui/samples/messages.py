from tests.ui.samples.lists import around, chip, tab
from tests.ui.samples.parts import TRACE, at


def message_row(name: str, state: str, subject: str, reason: str, when: object, **more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": f"msg_{name.lower().replace(' ', '_')}_{state}",
        "url": "/messages/1",
        "name": name,
        "subject": subject,
        "to": "anna.berg@example.de",
        "order_number": "#1043",
        "badge": f"message.{state}",
        "badge_word": "",
        "reason": reason,
        "at": when,
        "test": False,
    }
    return base | more


def views(current: str) -> list[dict[str, object]]:
    known = [
        ("Latest", "", None),
        ("In doubt", "doubt", 1),
        ("Failed", "failed", 0),
        ("Not sent", "unsent", None),
        ("Planned", "planned", None),
    ]
    return [tab(label, view, count, current=label == current) for label, view, count in known]


FILTERS = {
    "active": [],
    "more": [
        chip("flow", "Flow", order="Order confirmation", shipment="Parcel news"),
        chip("template", "Message", confirmation="Confirmation", shipped="Shipped", delayed="Delayed"),
        chip("state", "State", sent="Sent", held="Held back", failed="Failed"),
        chip("since", "When", **{"7d": "last 7 days", "14d": "last 14 days"}),
    ],
    "clear_url": "?",
}
KEPT = (
    {"name": "Planned this week", "query": "view=planned", "team": False},
    {"name": "Refused addresses", "query": "view=failed&since=14d", "team": True},
)
MESSAGES = {
    "tabs": views("Latest"),
    "filters": FILTERS,
    "pager": {"said": "That is all, down to Wed 18 Nov", "next_url": "", "more": ""},
    "view": "Latest",
    "rows": [
        message_row("Delayed", "skipped", "", "The parcel moved again", at(23, 11, 50)),
        message_row("Delivered", "unknown", "Parcel 2 of 2 was delivered", "", at(21, 10, 22)),
        message_row("Out for delivery", "expired", "", "Too late to be of use", at(20, 21), test=True),
        message_row("Shipped", "sent", "Parcel 1 of 2 of order #1043 is on its way", "", at(18, 20, 12)),
        message_row("Confirmation", "failed", "", "550 5.1.1 no such user", at(18, 18, 2)),
    ],
    "empty": {
        "icon": "list-filter",
        "title": "No message matches",
        "text": "No message passes all of these filters. Take one off, or start again.",
        "act": {"url": "/messages", "label": "Show all messages", "icon": ""},
    },
    **around("messages", "", *KEPT),
}
PLANNED_MESSAGES = MESSAGES | {
    "tabs": views("Planned"),
    "pager": {"said": "That is all, down to Mon 30 Nov", "next_url": "", "more": ""},
    "view": "Planned",
    "rows": [
        message_row("Delivered", "held", "Goes out today 15:00", "Somebody of your team holds it back", at(23, 15)),
        message_row("Review request", "due", "Goes out Mon 30 Nov 10:00", "", at(30, 10)),
    ],
    **around("messages", "view=planned", *KEPT),
}
NO_MESSAGES = MESSAGES | {"rows": [], **around("messages", "flow=order&since=7d", viewer=True)}
MESSAGE = {
    "name": "Shipped",
    "to_name": "Anna Berg",
    "badge": "message.sent",
    "badge_word": "",
    "messages_url": "/messages",
    "order": {"number": "#1043", "url": "/orders/1"},
    "at": at(18, 20, 12),
    "due_at": None,
    "subject": "Parcel 1 of 2 of order #1043 is on its way",
    "from_text": "Northlight",
    "to": "anna.berg@example.de",
    "doubt": None,
    "again_url": "",
    "held_url": "",
    "is_held": False,
    "preview_url": "/email_shipped.html",
    "text_url": "/messages/1/text",
    "preview_note": "",
    "trace_title": "Why it was sent",
    "trace": TRACE,
    "trace_note": "5 checks",
    "attempts": [{"tone": "ok", "icon": "check", "title": "Attempt 1", "text": "250 2.0.0 OK", "at": at(18, 20, 12)}],
    "facts": [
        {"label": "Flow", "value": "Parcel news, version 7", "mono": False},
        {"label": "Step", "value": "shipped", "mono": False},
        {"label": "Stream", "value": "Order messages", "mono": False},
        {"label": "Id", "value": "msg_01993a9e7b1c", "mono": True},
    ],
    "decision": """{
  "decision": "send",
  "reason": "",
  "flow": "shipment",
  "version": 7,
  "step": "shipped",
  "decided_at": "2026-11-18T19:12:11+00:00",
  "checks": [
    {"check": "suppressed", "ok": true}
  ]
}""",
}
DOUBT = MESSAGE | {
    "badge": "message.unknown",
    "doubt": {
        "text": "The mail server took it and its answer was lost. It is not sent twice by itself. Ask the shopper, or look in the log.",
        "again_url": "/messages/1/again",
        "arrived_url": "/messages/1/arrived",
    },
}
REFUSED = MESSAGE | {
    "badge": "message.failed",
    "trace_title": "Why it was not sent",
    "again_url": "/messages/1/again",
    "attempts": [{"tone": "bad", "icon": "x", "title": "Attempt 1", "text": "550 5.1.1 no such user", "at": at(18, 20, 12)}],
}
PLANNED = MESSAGE | {
    "badge": "message.due",
    "due_at": at(30, 10),
    "held_url": "/messages/1/held",
    "preview_note": "Drawn from what is true now. It is drawn again when it is due.",
    "trace": TRACE[:3],
    "trace_note": "if it were due now",
    "trace_title": "Why it is planned",
    "attempts": [],
    "decision": "",
}
HELD = PLANNED | {
    "badge": "message.held",
    "due_at": None,
    "is_held": True,
    "trace_note": "",
    "trace": [{"tone": "warn", "icon": "info", "title": "Somebody of your team holds it back", "text": "", "at": None}],
}
SECRET = MESSAGE | {
    "name": "Access code",
    "preview_url": "",
    "text_url": "",
    "preview_note": "It holds a code that is for the shopper alone.",
    "trace": [],
    "trace_note": "",
    "decision": "",
    "order": None,
}
