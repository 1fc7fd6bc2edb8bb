from tests.ui.samples.orders import NONE_FOUND
from tests.ui.samples.parts import FILTERS, TRACE, at


def message_row(name: str, state: str, subject: str, reason: str, when: object) -> dict[str, object]:
    return {
        "url": "/messages/1",
        "name": name,
        "subject": subject,
        "to": "anna.berg@example.de",
        "order_number": "#1043",
        "badge": f"message.{state}",
        "badge_word": "",
        "reason": reason,
        "at": when,
        "test": state == "due",
    }


MESSAGES = {
    "tabs": [
        {"label": "All", "url": "?", "count": None, "current": True},
        {"label": "In doubt", "url": "?view=doubt", "count": 1, "current": False},
        {"label": "Not sent", "url": "?view=skipped", "count": 12, "current": False},
        {"label": "Failed", "url": "?view=failed", "count": 0, "current": False},
    ],
    "filters": FILTERS,
    "pager": {"said": "5 messages", "next_url": "", "more": ""},
    "export": {"url": "/exports/add", "subject": "messages", "query": "view=all"},
    "view": "All",
    "rows": [
        message_row("Review request", "due", "", "", at(30, 10)),
        message_row("Delayed", "skipped", "", "The parcel moved again", at(23, 11, 50)),
        message_row("Delivered", "unknown", "Parcel 2 of 2 was delivered", "", at(21, 10, 22)),
        message_row("Shipped", "sent", "Parcel 1 of 2 of order #1043 is on its way", "", at(18, 20, 12)),
        message_row("Confirmation", "failed", "", "550 5.1.1 no such user", at(18, 18, 2)),
    ],
    "empty": NONE_FOUND,
}
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
    "again_url": "/messages/1/again",
    "preview_url": "/email_shipped.html",
    "text_url": "/messages/1/text",
    "preview_note": "",
    "trace_title": "Why it was sent",
    "trace": TRACE,
    "trace_note": "5 checks",
    "attempts": [{"tone": "ok", "icon": "check", "title": "Attempt 1", "text": "250 2.0.0 OK", "at": at(18, 20, 12)}],
    "facts": [
        {"label": "Flow", "value": "Shipped v7, step 2", "mono": False},
        {"label": "Stream", "value": "Order messages", "mono": False},
        {"label": "Id", "value": "01993a9e-7b1c", "mono": True},
    ],
    "decision": '{"decision": "send", "flow": "shipped@7"}',
}
DOUBT = MESSAGE | {
    "badge": "message.unknown",
    "doubt": {
        "text": "The mail server took it and did not answer. We do not send it twice by ourselves. Ask Anna first.",
        "again_url": "/messages/1/again",
        "arrived_url": "/messages/1/arrived",
    },
}
PLANNED = MESSAGE | {
    "badge": "message.due",
    "due_at": at(30, 10),
    "preview_url": "",
    "text_url": "",
    "preview_note": "It is drawn when it is sent, from what is true then.",
    "again_url": "",
    "trace": [],
    "trace_note": "",
    "trace_title": "Why it is planned",
    "attempts": [],
    "decision": "",
    "order": None,
}
