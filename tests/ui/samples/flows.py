from dashboard.forms.flow import PreviewForm, TestForm

CHOICES = [("ord_1043", "#1043, Anna Berg"), ("ord_1038", "#1038, Wolfgang Schmidt-Hohenberger")]
GIVEN = {"to": "maja@northlight.example", "order": "ord_1043", "step": "email", "once": "sample"}


def flow_row(n: int, name: str, icon: str, purpose: str, stream: str, live: bool) -> dict[str, object]:
    return {
        "id": str(n),
        "name": name,
        "url": f"/flows/{n}",
        "trigger_icon": icon,
        "trigger_text": "",
        "purpose": purpose,
        "stream": stream,
        "live": live,
        "toggle_url": f"/flows/{n}/switch",
        "published": True,
        "draft": n == 4,
        "sent": 1204 // n,
        "not_sent": n,
        "waiting": n * 3,
        "next_text": "next: today 15:00",
    }


FLOWS = [
    flow_row(1, "Order confirmation", "store", "At once, when an order is placed", "transactional", True),
    flow_row(2, "Shipped", "package", "When the carrier has the parcel", "transactional", True),
    flow_row(3, "Out for delivery", "truck", "On the morning it comes", "transactional", True),
    flow_row(4, "Delayed", "clock", "When the estimate slips or the parcel stalls", "transactional", True),
    flow_row(5, "Review request", "star", "When the product has been used; never while something is wrong", "marketing", False),
]


def node(kind: str, tone: str, icon: str, title: str, text: str = "", **more: object) -> dict[str, object]:
    base: dict[str, object] = {"kind": kind, "tone": tone, "icon": icon, "title": title, "text": text}
    return base | {"url": "", "current": False, "tallies": [], "arms": [], "faults": [], "doubts": [], "into": ""} | more


CLOSED = {"on": False, "left": False, "right": False, "place": ""}
END = node("stop", "neutral", "circle", "End")
EMAIL = node(
    "step",
    "ok",
    "mail",
    "Email “How was it?”",
    "Marketing, needs consent",
    url="?step=3",
    tallies=[{"number": 251, "text": "sent"}],
)
FLOW = {
    "name": "Follow-up",
    "purpose": "Asks whether everything is right, once all of it is there.",
    "live": True,
    "version": 3,
    "flows_url": "/flows",
    "toggle_url": "/flows/6/switch",
    "edit_url": "/flows/6/edit",
    "versions_url": "/flows/6/versions",
    "draft": True,
    "steps": [
        node("start", "accent", "package", "Delivered: all parcels", "342 entered, last 7 days", url="?step=0"),
        node(
            "step",
            "warn",
            "hourglass",
            "Wait 3 days, until 10:00",
            "their time; no delivery date: skip",
            url="?step=1",
            current=True,
            tallies=[{"number": 41, "text": "waiting"}],
        ),
        node(
            "step",
            "info",
            "split",
            "Open return or exception?",
            "asked when the wait ends",
            url="?step=2",
            arms=[
                {"icon": "check", "label": "Yes", "steps": [node("stop", "neutral", "circle", "End, say nothing")], **CLOSED},
                {"icon": "x", "label": "No", "steps": [EMAIL, END], **CLOSED},
            ],
        ),
    ],
    "step": {
        "tone": "warn",
        "icon": "hourglass",
        "title": "Wait",
        "facts": [
            {"label": "Until", "value": "3 days after delivery, 10:00 their time"},
            {"label": "Waiting", "value": "41 people"},
            {"label": "Next", "value": "tomorrow 10:00, 12 people"},
        ],
        "note": "No delivery date: the person is skipped.",
    },
    "message": {
        "kind": "email",
        "preview_url": "/email_follow_up.html",
        "subject": "Is everything as it should be?",
        "from_text": "Northlight",
        "order_number": "#1043",
    },
    "preview_form": PreviewForm(choices=CHOICES),
    "test_form": TestForm(initial=GIVEN, team=frozenset()),
    "test_url": "/flows/6/test",
}
