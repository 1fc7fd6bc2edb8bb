from typing import Any

from postpurchase.ui.colour import email_palette

BRAND: dict[str, str] = {
    **email_palette("#1f6b50", "#f9f8f4"),
    "name": "Northlight",
    "logo_url": "",
    "support_email": "help@northlight.example",
    "support_url": "https://northlight.example/contact",
    "postal_address": "Northlight AB, Södra Hamngatan 7, 411 14 Gothenburg, Sweden",
    "return_policy_url": "https://northlight.example/returns",
    "return_policy_text": "You can return anything until 12 January. We pay the way back.",
    "website": "https://northlight.example/",
}


def line(title: str, variant: str, quantity: int, total: str, image: str = "") -> dict[str, object]:
    return {"title": title, "variant": variant, "quantity": quantity, "total_text": total, "image_url": image}


LINES = [
    line("Fjällvind three-layer storm jacket with helmet hood", "Spruce, L", 1, "€79.00", "/email-img/jacket.png"),
    line("Merino hiking socks, mid-weight", "Rust, 43–46", 2, "€32.00", "/email-img/sock.png"),
    line("Five-panel cap", "", 1, "€24.00", "/email-img/cap.png"),
]
ORDER: dict[str, Any] = {
    "number": "#1043",
    "first_name": "Anna",
    "lines": LINES,
    "totals": [
        {"label": "Items", "value": "€135.00"},
        {"label": "Discount TRAIL10", "value": "−€13.50"},
        {"label": "Shipping", "value": "€6.90"},
        {"label": "VAT 19 %, included", "value": "€20.50"},
    ],
    "total_text": "€128.40",
    "refunded_text": "€79.00",
    "refunded_whole": False,
    "address_lines": ["Anna Berg", "Lindenstraße 12, Hinterhaus", "80337 Munich", "Germany"],
}
SHIPMENT = {
    "carrier_name": "DHL",
    "number": "00340434161094042557",
    "carrier_url": "https://www.dhl.de/",
    "position": 1,
    "count": 2,
    "lines": [one | {"total_text": ""} for one in LINES[:2]],
}
OTHER = SHIPMENT | {"position": 2, "number": "00340434161094042564", "lines": [one | {"total_text": ""} for one in LINES[2:]]}
PAGE = {"brand": BRAND, "order": ORDER, "tracking_url": "https://track.northlight.example/t/abc"}
STOP = {"unsubscribe_url": "https://track.northlight.example/u/abc"}
GUIDES = [
    {
        "title": "Care for your jacket",
        "text": "Wash at 30 °C, dry it warm: that brings the water back off.",
        "url": "https://northlight.example/care",
    }
]

EMAILS: dict[str, dict[str, object]] = {
    "confirmation": {**PAGE, "promise_text": "Thursday, 26 November"},
    "shipped": {**PAGE, "shipment": SHIPMENT, "promise_text": "Thursday, 26 November", "parcels": [], "parcel_count": 0},
    "out_for_delivery": {**PAGE, "shipment": SHIPMENT, "window_text": "between 09:00 and 13:00"},
    "delivered": {
        **PAGE,
        "shipment": SHIPMENT,
        "delivered_text": "today 11:42",
        "where_text": "in your letterbox",
        "proof_text": "The carrier took a photo of it.",
        "all_delivered": False,
    },
    "delayed": {
        **PAGE,
        "shipment": SHIPMENT,
        "promised_text": "Wednesday, 25 November",
        "promise_text": "Friday or Saturday",
        "stalled": False,
        "reason_text": "A strike closed the terminal in Padborg.",
        "last_seen_text": "Padborg, today 11:48",
    },
    "payment_pending": PAGE,
    "on_hold": PAGE,
    "backordered": PAGE,
    "processing_late": PAGE,
    "first_scan": {**PAGE, "shipment": SHIPMENT, "promise_text": "Thursday, 26 November"},
    "arriving_tomorrow": {**PAGE, "shipment": SHIPMENT},
    "ready_to_collect": {**PAGE, "shipment": SHIPMENT, "place_text": "Munich"},
    "collect_reminder": {**PAGE, "shipment": SHIPMENT, "place_text": "Munich"},
    "collect_last": {**PAGE, "shipment": SHIPMENT, "place_text": "Munich", "until_text": "Saturday, 28 November"},
    "attempt_failed": {**PAGE, "shipment": SHIPMENT, "attempt_text": "Nobody was there to take it."},
    "returning": {**PAGE, "shipment": SHIPMENT},
    "refunded": PAGE,
    "how_to": {**PAGE, **STOP, "guides": GUIDES},
    "review_reminder": {**PAGE, **STOP, "review_url": "https://northlight.example/review/abc"},
    "refill": {**PAGE, **STOP},
    "win_back": {**PAGE, **STOP},
    "follow_up": {**PAGE, **STOP, "guides": GUIDES},
    "review_request": {**PAGE, **STOP, "review_url": "https://northlight.example/review/abc"},
    "tracking_link": PAGE,
    "access_code": {"brand": BRAND, "order": ORDER, "code": "482 913", "minutes": 10},
}
MARKETING = {"follow_up", "review_request", "review_reminder", "how_to", "refill", "win_back"}
WITHOUT_BUTTON = {"access_code", "follow_up"}  # whatever they are given
MAY_LACK_BUTTON = {"how_to", "refill", "win_back"}  # where the shop has no guide, or no site
TOGETHER = {
    **PAGE,
    "shipment": SHIPMENT,
    "promise_text": "Thursday, 26 November",
    "parcels": [SHIPMENT | {"expected": "Thursday, 26 November"}, OTHER | {"expected": ""}],
    "parcel_count": 2,
}
SPARSE_BRAND = dict.fromkeys(BRAND, "") | email_palette("#d7ff1e", "#ffffff") | {"name": "Neon", "support_email": "hi@neon.example"}
SPARSE: dict[str, dict[str, object]] = {
    name: context
    | {
        "brand": SPARSE_BRAND,
        "order": ORDER | {"first_name": "", "lines": [line("Cap", "", 1, "¥2,400")], "totals": [], "total_text": "¥2,400"},
        "shipment": SHIPMENT | {"count": 1, "carrier_url": "", "lines": [line("Cap", "", 1, "")]},
    }
    | {key: "" for key in context if key.endswith("_text") and key != "delivered_text"}
    | {"guides": []}
    for name, context in EMAILS.items()
}
