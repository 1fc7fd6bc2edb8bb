from datetime import date

from tests.ui.samples.lists import around, tab
from tests.ui.samples.parts import DAYS, FILTERS, at, fact


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
        "id": number,
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
    tab("All", ""),
    tab("Needs you", "attention", 6),
    tab("Open", "open", 128, current=True),
    tab("Late", "late", 6),
    tab("Delivered", "delivered"),
    tab("Cancelled", "cancelled"),
]
NONE_FOUND = {
    "icon": "search",
    "title": "No order matches",
    "text": "Nothing is called “#9999” here. Order numbers, parcel numbers, names and email addresses are searched.",
    "act": {"url": "/orders", "label": "Show all orders", "icon": ""},
}
KEPT = (
    {"name": "Late in Germany", "query": "view=late&country=DE", "team": False},
    {"name": "Held up before the holidays", "query": "parcel=exceptions&since=30d", "team": True},
)
ORDERS = {
    "tabs": TABS,
    "filters": FILTERS,
    "pager": {"said": "Down to Fri 13 Nov", "next_url": "?after=abc", "more": "Load 50 more"},
    "query": "",
    "view": "Open",
    "rows": ROWS,
    "empty": NONE_FOUND,
    **around("orders", "view=open&since=30d&carrier=dhl", *KEPT),
}
NO_ORDERS = ORDERS | {"rows": [], "query": "#9999", **around("orders", "q=%239999", *KEPT, viewer=True)}

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
    "parcels_note": "1 delivered, 1 to come",
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
        "consent": ["Order messages: yes", "News: no, unsubscribed"],
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
    "refunded_minor": 0,
    "acts": [
        {
            "label": "Send the confirmation again",
            "icon": "send",
            "url": "/o/1/send",
            "fields": [{"name": "once", "value": "sample"}, {"name": "template", "value": "confirmation"}],
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
