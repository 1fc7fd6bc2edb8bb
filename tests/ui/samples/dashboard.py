from datetime import date

from django import forms

from postpurchase.ui.charts import meter
from tests.ui.samples.parts import DAYS, FILTERS, STATS, TRACE, at, delivered_per_day, fact, frame

ATTENTION = [
    {
        "badge": "stalled",
        "title": "2 parcels have not moved for over 3 working days",
        "text": "Oldest: #852, 5 days, last seen in Padborg",
        "url": "/orders?view=stalled",
        "act": "Review",
    },
    {
        "badge": "message.unknown",
        "title": "1 message may or may not have left",
        "text": "The mail server did not answer after we handed it over. Not sent twice.",
        "url": "/messages/1",
        "act": "Decide",
    },
]
CARRIERS = [
    {
        "name": name,
        "url": "/orders",
        "label": a,
        "moving": b,
        "out": c,
        "late": d,
        "meter": meter([("a", a + b + c), ("c", d)], 68),
    }
    for name, a, b, c, d in [("DHL", 6, 52, 7, 3), ("PostNord", 4, 38, 5, 1), ("Colissimo", 1, 15, 2, 0), ("Yamato", 2, 9, 0, 0)]
]
LATEST = [
    {
        "badge": "delivered",
        "title": "#1038 to Wolfgang Schmidt-Hohenberger",
        "text": "Freiburg, PostNord",
        "url": "/o/1",
        "at": at(23, 14, 2),
    },
    {
        "badge": "message.sent",
        "title": "“Out for delivery” to Chloé Beaumont-Lacroix",
        "text": "#1112",
        "url": "/m/1",
        "at": at(23, 13, 47),
    },
    {
        "badge": "message.skipped",
        "title": "Delay notice for #1043: the parcel moved again",
        "text": "",
        "url": "/m/2",
        "at": at(22, 11, 50),
    },
]
HOME = {
    "greeting": "Good afternoon, Maja.",
    "now": at(23, 14, 20),
    "place": "Gothenburg",
    "attention": ATTENTION,
    "stats": STATS,
    "chart": delivered_per_day(),
    "chart_words": "1,241 parcels in 30 days, 51 of them late. 18 of the late ones came on 12 and 13 November.",
    "carriers": CARRIERS,
    "carriers_note": "144 open parcels. Carriers last read 14:05; next read 14:35.",
    "latest": LATEST,
    "first_day": None,
}
STEPS = [
    {"done": True, "title": "Open an account", "text": "You are here.", "act": None},
    {
        "done": False,
        "title": "Connect your shop",
        "text": "Orders come in by themselves from then on.",
        "act": {"url": "/c", "label": "How to connect"},
    },
]
FIRST_DAY = HOME | {"attention": [], "chart": None, "carriers": [], "latest": [], "first_day": STEPS}


def row(
    number: str,
    shopper: str,
    badge: str,
    arrives: object,
    carrier: str,
    total: int,
    currency: str,
    placed: object,
    **more: object,
) -> dict[str, object]:
    base: dict[str, object] = {
        "url": f"/orders/{number}",
        "number": number,
        "shopper": shopper,
        "badge": badge,
        "badge_word": "",
        "parcels": 1,
        "arrives": arrives if isinstance(arrives, date) else None,
        "arrives_text": "" if isinstance(arrives, date) else arrives,
        "carrier": carrier,
        "country": carrier and "DE",
        "total_minor": total,
        "currency": currency,
        "placed_at": placed,
        "test": False,
    }
    return base | more


ROWS = [
    row("#1284", "Yuki Takahashi", "unfulfilled", date(2026, 11, 30), "", 24800, "JPY", at(23, 14, 11), parcels=0),
    row(
        "#1281",
        "Siobhán O’Callaghan-Whitfield",
        "info_received",
        date(2026, 11, 26),
        "Royal Mail",
        8600,
        "GBP",
        at(23, 13, 20),
        test=True,
    ),
    row("#1279", "Jonas Öberg", "in_transit", date(2026, 11, 25), "PostNord", 5490, "EUR", at(22, 11, 5)),
    row(
        "#1276",
        "María del Carmen Fernández de Córdoba",
        "in_transit",
        date(2026, 11, 27),
        "DHL",
        21200,
        "EUR",
        at(21, 9, 48),
        parcels=2,
    ),
    row(
        "#1198",
        "Bartholomäus von Greifenstein-Oberndorff",
        "out_for_delivery",
        date(2026, 11, 23),
        "DHL",
        34900,
        "EUR",
        at(20, 15, 31),
    ),
    row("#1043", "Anna Berg", "late", date(2026, 11, 27), "DHL", 12840, "EUR", at(18, 18, 2), badge_word="Late 2 d", parcels=2),
    row("#1038", "Wolfgang Schmidt-Hohenberger", "delivered", "today 14:02", "PostNord", 16470, "EUR", at(18, 17, 44)),
    row(
        "#997",
        "Oluwaseun Adeyemi-Clarke",
        "exception",
        "needs you",
        "Royal Mail",
        11900,
        "GBP",
        at(17, 19, 26),
        badge_word="Address not found",
    ),
    row("#852", "Freja Østergaard", "stalled", "was Wed 18", "DHL", 6130, "KWD", at(13, 16, 8), badge_word="Stalled 5 d"),
]
TABS = [
    {"label": "All", "url": "?", "count": None, "current": False},
    {"label": "Needs you", "url": "?view=attention", "count": 6, "current": False},
    {"label": "Open", "url": "?view=open", "count": 128, "current": True},
    {"label": "Late", "url": "?view=late", "count": 6, "current": False},
    {"label": "Delivered", "url": "?view=delivered", "count": None, "current": False},
]
NONE_FOUND = {
    "icon": "search",
    "title": "No order matches",
    "text": "Nothing is called “#9999” here. Order numbers, parcel numbers, names and emails are searched.",
    "act": {"url": "/orders", "label": "Show all orders", "icon": ""},
}
PAGER = {"said": "9 of 128 orders, down to Fri 13 Nov", "next_url": "?after=abc", "more": "Load 50 more"}
ORDERS = {"tabs": TABS, "filters": FILTERS, "pager": PAGER, "query": "", "view": "Open", "rows": ROWS, "empty": NONE_FOUND}

WHY_NOT = {
    "id": "delay",
    "title": "Why it was not sent",
    "text": "",
    "trace": [
        {"tone": "ok", "icon": "check", "title": "Estimate slipped by 2 days", "text": "", "at": at(23, 11, 20)},
        {"tone": "warn", "icon": "x", "title": "New scan: the parcel moved again", "text": "", "at": at(23, 11, 50)},
    ],
    "link": {"url": "/messages/2", "label": "Full decision"},
}
STORY = [
    DAYS[0],
    {
        "heading": "Today, Monday 23 November",
        "items": [
            fact(
                "clock",
                "Delay notice not sent",
                at(23, 11, 50),
                tone="warn",
                text="Held for 30 minutes, then the parcel moved again.",
                why=WHY_NOT,
            ),
            fact(
                "truck",
                "Parcel 1 scanned in Padborg",
                at(23, 11, 48),
                tone="accent",
                text="Estimate moved from Wed 25 to Fri 27 Nov.",
            ),
        ],
    },
    DAYS[2],
    {
        "heading": "Wednesday 18 November",
        "items": [fact("store", "Order placed", at(18, 18, 2), text="Online shop, paid by card")],
    },
]
ORDER = {
    "number": "#1043",
    "badge": "late",
    "badge_word": "Late, moving again",
    "test": False,
    "shopper": "Anna Berg",
    "parcels_text": "2 parcels",
    "currency": "EUR",
    "total_minor": 12840,
    "placed_at": at(18, 18, 2),
    "orders_url": "/orders",
    "tracking_url": "https://track.northlight.example/t/abc",
    "parcels": [
        {
            "name": f"{n} of 2 · {carrier}",
            "number": "00340434161094042557",
            "url": "https://www.dhl.de/",
            "latest_text": latest,
            "badge": badge,
            "badge_word": word,
            "promised": date(2026, 11, 25),
            "expected": date(2026, 11, 27),
            "expected_text": said,
        }
        for n, carrier, latest, badge, word, said in [
            (1, "DHL", "Padborg, DK · today 11:48 · Scanned after the strike", "late", "Late 2 d", ""),
            (2, "PostNord", "Munich, DE · Sat 10:21 · In the letterbox", "delivered", "", "Sat 21 Nov"),
        ]
    ],
    "parcels_note": "1 delivered, 1 on the way",
    "kinds": [
        {"label": "All", "url": "?", "current": True},
        {"label": "Parcels", "url": "?show=parcels", "current": False},
        {"label": "Messages", "url": "?show=messages", "current": False},
    ],
    "days": STORY,
    "pager": None,
    "person": {
        "name": "Anna Berg",
        "email": "anna.berg@example.de",
        "phone": "+49 151 5550 1043",
        "address_lines": ["Anna Berg", "Lindenstraße 12, Hinterhaus", "80337 Munich, Germany"],
        "language": "English",
        "consent": ["Order messages: yes", "News: no, since 4 Mar 2026"],
        "orders_text": "14 orders",
        "orders_url": "/orders?q=anna.berg@example.de",
        "tags": ["VIP", "Trail club"],
    },
    "items": [
        {"title": title, "variant": variant, "quantity": n, "parcel_text": parcel, "total_minor": minor, "image_url": ""}
        for title, variant, n, parcel, minor in [
            ("Fjällvind three-layer storm jacket with helmet hood", "Spruce, L", 1, "parcel 1", 7900),
            ("Merino hiking socks, mid-weight", "Rust, 43–46", 2, "parcel 1", 3200),
            ("Five-panel cap", "", 1, "parcel 2", 2400),
        ]
    ],
    "items_note": "4 pieces",
    "money": [
        {"label": "Items", "minor": 13500, "quiet": False},
        {"label": "Discount TRAIL10", "minor": -1350, "quiet": False},
        {"label": "Shipping", "minor": 690, "quiet": False},
        {"label": "VAT 19 %, included", "minor": 2050, "quiet": True},
    ],
    "paid": "paid",
    "acts": [
        {
            "label": "Send the confirmation again",
            "icon": "send",
            "url": "/o/1/send",
            "fields": [{"name": "template", "value": "confirmation"}],
        }
    ],
}
BARE_ORDER = ORDER | {
    "badge": "unfulfilled",
    "badge_word": "",
    "parcels": [],
    "parcels_text": "no parcel yet",
    "days": [],
    "tracking_url": "",
    "acts": [],
    "paid": "",
    "test": True,
    "person": ORDER["person"] | {"phone": "", "tags": [], "orders_url": "", "address_lines": []},  # type: ignore[operator]
}


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
        "text": "The mail server took it and did not answer. We do not send it twice by ourselves. Ask Anna, or look in the server’s log.",
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


class OrderChoice(forms.Form):
    order = forms.ChoiceField(
        label="Order", choices=[("1043", "#1043, Anna Berg"), ("1038", "#1038, Wolfgang Schmidt-Hohenberger")]
    )


class TestForm(forms.Form):
    to = forms.EmailField(label="To", initial="maja@northlight.example")


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
    return base | {"url": "", "current": False, "tallies": [], "arms": []} | more


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
                {"icon": "check", "label": "Yes", "steps": [node("stop", "neutral", "circle", "End, say nothing")]},
                {"icon": "x", "label": "No", "steps": [EMAIL, END]},
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
        "preview_url": "/email_follow_up.html",
        "subject": "Is everything as it should be?",
        "from_text": "Northlight",
        "order_number": "#1043",
    },
    "preview_form": OrderChoice(),
    "test_form": TestForm(),
    "test_url": "/flows/6/test",
}
DASHBOARD: dict[str, tuple[str, dict[str, object]]] = {
    "home": ("dashboard/home.html", {"frame": frame("Home"), "home": HOME}),
    "home_first_day": ("dashboard/home.html", {"frame": frame("Home"), "home": FIRST_DAY}),
    "orders": ("dashboard/orders.html", {"frame": frame("Orders"), "orders": ORDERS}),
    "orders_none": (
        "dashboard/orders.html",
        {"frame": frame("Orders", "#9999"), "orders": ORDERS | {"rows": [], "query": "#9999"}},
    ),
    "order": ("dashboard/order.html", {"frame": frame("Orders"), "order": ORDER}),
    "order_bare": ("dashboard/order.html", {"frame": frame("Orders"), "order": BARE_ORDER}),
    "messages": ("dashboard/messages.html", {"frame": frame("Messages"), "messages_page": MESSAGES}),
    "messages_none": ("dashboard/messages.html", {"frame": frame("Messages"), "messages_page": MESSAGES | {"rows": []}}),
    "message": ("dashboard/message.html", {"frame": frame("Messages"), "message": MESSAGE}),
    "message_doubt": ("dashboard/message.html", {"frame": frame("Messages"), "message": DOUBT}),
    "message_planned": ("dashboard/message.html", {"frame": frame("Messages"), "message": PLANNED}),
    "flows": ("dashboard/flows.html", {"frame": frame("Flows"), "flows": FLOWS, "may_edit": True}),
    "flow": ("dashboard/flow.html", {"frame": frame("Flows"), "flow": FLOW, "may_edit": True}),
    "flow_viewer": (
        "dashboard/flow.html",
        {"frame": frame("Flows"), "flow": FLOW | {"message": None, "live": False}, "may_edit": False},
    ),
}
