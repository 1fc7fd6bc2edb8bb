from postpurchase.ui.charts import meter
from tests.ui.samples.parts import STATS, at, delivered_per_day

ATTENTION = [
    {
        "badge": "stalled",
        "title": "2 parcels have not moved for over 3 working days",
        "text": "Oldest: #852, 5 days, last seen in Padborg",
        "url": "/shipments?parcel=stalled",
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
    "queue": {"text": "3 parcels wait for an answer", "note": "1 past their day, 2 yours", "url": "/work"},
    "stats": STATS,
    "chart": delivered_per_day(),
    "chart_words": "1,241 parcels in 30 days, 51 of them late. 18 of the late ones came on 12 and 13 November.",
    "carriers": CARRIERS,
    "carriers_note": "144 open parcels. Carriers last read 14:05; next read 14:35.",
    "latest": LATEST,
    "first_day": None,
}
STEPS = [
    {"done": True, "title": "Open an account", "text": "You are here.", "acts": []},
    {
        "done": False,
        "title": "Connect your shop",
        "text": "Orders come in by themselves from then on.",
        "acts": [{"url": "/t", "label": "Make a test order", "post": True}, {"url": "/c", "label": "How to connect", "post": False}],
    },
]
FIRST_DAY = HOME | {
    "attention": [],
    "chart": None,
    "carriers": [],
    "latest": [],
    "first_day": {"steps": STEPS, "close_url": "/first-steps/close/"},
}
