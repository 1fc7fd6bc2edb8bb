from dashboard.forms.webhook import EndpointForm, ReplayForm
from tests.ui.samples.parts import at

EVENTS = [("order.placed", "Order placed"), ("shipment.moved", "Parcel’s status changed"), ("message.failed", "Message failed")]
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ROWS = [
    {
        "url": "/webhooks/1", "name": "Stock system", "address": "https://stock.northlight.example/hooks/postpurchase",
        "badge": "hook.healthy", "events": "All events", "test": False, "delivered": 1204, "failed": 0, "last_success_at": at(23, 14, 2),
    },
    {
        "url": "/webhooks/2", "name": "hooks.a-very-long-name-of-a-machine.example.com",
        "address": "https://hooks.a-very-long-name-of-a-machine.example.com/v1/incoming/events?token=0123456789abcdef",
        "badge": "hook.failing", "events": "3 events", "test": True, "delivered": 12, "failed": 4, "last_success_at": None,
    },
]  # fmt: skip
WEBHOOKS = {"new_url": "/webhooks/new", "rows": ROWS}


def delivery_row(name: str, badge: str, answer: str, attempts: int) -> dict[str, object]:
    return {
        "url": "/webhooks/deliveries/1", "name": name, "kind": "order.placed", "badge": badge, "answer": answer, "attempts": attempts,
        "trial": name == "Test event", "at": at(23, 13, attempts),
    }  # fmt: skip


BASE = {"name": "Stock system", "address": ROWS[0]["address"], "webhooks_url": "/webhooks", "here_url": "/webhooks/1"}
WEBHOOK = BASE | {
    "badge": "hook.healthy",
    "test": False,
    "on": True,
    "secret": "",
    "stopped": "",
    "failing_since": None,
    "facts": [
        {"label": "Address", "value": ROWS[1]["address"], "at": None, "mono": True},
        {"label": "Last delivered", "value": "", "at": at(23, 14, 2), "mono": False},
    ],
    "acts": {name: f"/webhooks/1/{name}" for name in ("edit", "switch", "secret", "old_secret", "test", "replay", "remove")},
    "old_secret_until": None,
    "secret_of": "2026-11-23T13:20:00+00:00",
    "replay_form": ReplayForm(initial={"since": at(22, 14), "until": at(23, 14), "what": "undelivered"}),
    "tabs": [
        {"label": "All", "url": "?", "count": None, "current": True},
        {"label": "Failed", "url": "?view=failed", "count": None, "current": False},
    ],
    "rows": [
        delivery_row("Order placed", "hook.done", "Answered 200", 1),
        delivery_row("Parcel’s status changed", "hook.retry", "No whole answer within 15 seconds.", 3),
        delivery_row("Money refunded", "hook.failed", "Answered 500", 10),
        delivery_row("Test event", "hook.due", "", 0),
    ],
    "pager": {"said": "That is all, down to Mon 23 Nov", "next_url": "", "more": ""},
}
JUST_MADE = WEBHOOK | {"secret": SECRET, "badge": "hook.quiet", "rows": [], "test": True}
STOPPED = WEBHOOK | {"badge": "hook.stopped", "on": False, "stopped": "It answered 410 Gone, which asks us to stop.", "replay_form": None}
ROTATING = WEBHOOK | {"old_secret_until": at(24, 14), "badge": "hook.failing", "failing_since": at(22, 9)}
LOOKING = WEBHOOK | {"acts": None, "replay_form": None}
NEW = {
    "name": "",
    "form": EndpointForm({"url": "http://localhost/", "events": ["order.placed"]}, fresh=True, events=EVENTS),
    "act_url": "/webhooks/add",
    "back_url": "/webhooks",
    "webhooks_url": "/webhooks",
}
EDIT = BASE | {
    "form": EndpointForm(initial={"url": ROWS[0]["address"], "events": ["order.placed"]}, fresh=False, events=EVENTS),
    "act_url": "/webhooks/1/change",
    "back_url": "/webhooks/1",
}
REMOVE = BASE | {"delete_url": "/webhooks/1/delete", "waiting": 3}
DELIVERY = {
    "name": "Order placed",
    "kind": "order.placed",
    "trial": False,
    "badge": "hook.retry",
    "answer": "Answered 500",
    "due_at": at(23, 14, 30),
    "endpoint": {"name": "Stock system", "url": "/webhooks/1"},
    "webhooks_url": "/webhooks",
    "again_url": "",
    "body": '{"type":"order.placed","timestamp":"2026-11-23T13:20:00Z","data":{"event_id":"evt_01j9","test":false,"order_id":"ord_01j9"}}',
    "attempts": [
        {
            "number": 2, "tone": "bad", "icon": "x", "said": "Answered 500", "note": "", "took": "112 ms", "at": at(23, 14, 5),
            "request": "POST https://stock.northlight.example/hooks\nwebhook-id: evt_01j9\nwebhook-signature: v1,g0hM9SsE+OTPJTGt/",
            "answer": "HTTP 500\ncontent-type: text/html", "answer_body": "<h1>Sorry</h1>",
        },
        {
            "number": 1, "tone": "bad", "icon": "x", "said": "No whole answer within 15 seconds.", "note": "", "took": "15003 ms",
            "at": at(23, 14), "request": "POST https://stock.northlight.example/hooks", "answer": "", "answer_body": "",
        },
    ],
    "facts": [
        {"label": "Event", "value": "order.placed", "at": None, "mono": True},
        {"label": "Told", "value": "", "at": at(23, 14), "mono": False},
    ],
}  # fmt: skip
UNSENT = DELIVERY | {"attempts": [], "badge": "hook.failed", "answer": "", "due_at": None, "again_url": "/again", "trial": True}
