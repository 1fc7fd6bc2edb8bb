from types import SimpleNamespace
from typing import Any

from django import forms

from tests.ui.samples.parts import ITEMS, at

BRAND = {
    "name": "Northlight",
    "logo_url": "",
    "css_url": "/brand.css",
    "favicon_url": "",
    "home_url": "https://northlight.example/",
    "privacy_url": "https://northlight.example/privacy",
    "support_email": "help@northlight.example",
    "support_url": "",
}
CAP = [{"title": "Five-panel cap", "variant": "Slate, one size", "quantity": 1, "image_url": ""}]
HELP = [
    {"icon": "message-circle", "label": "Contact Northlight", "url": "mailto:help@northlight.example"},
    {"icon": "undo-2", "label": "How returns work", "url": "https://northlight.example/returns"},
]


def scan(icon: str, text: str, place: str, when: object, tone: str = "") -> SimpleNamespace:
    return SimpleNamespace(icon=icon, text=text, place=place, at=when, zone="Europe/Berlin", tone=tone)


SCANS = [
    scan("map-pin", "Sorted at the hub", "Leipzig, DE", at(23, 7, 40), "accent"),
    scan("truck", "Left the terminal", "Padborg, DK", at(22, 22, 5)),
    scan("truck", "Left the terminal", "Malmö, SE", at(21, 23, 20)),
    scan("package", "Picked up by DHL", "Gothenburg, SE", at(21, 16, 30)),
]


def track(current: int, tone: str = "accent", last: str = "") -> dict[str, object]:
    words = ["Ordered", "Shipped", "On the way", "Out for delivery", "Delivered"]
    dates: list[Any] = [at(20, 12), at(21, 16), at(23, 7), at(26, 8), at(26, 11)]
    steps = [
        {
            "label": word,
            "state": "past" if n < current else "current" if n == current else "future",
            "date": dates[n] if n <= current else None,
            "text": last if n == 4 else "",
        }
        for n, word in enumerate(words)
    ]
    return {"tone": tone, "label": "Progress of parcel 1", "steps": steps}


def parcel(badge: object = "in_transit", **more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "position": 1,
        "count": 1,
        "badge": badge,
        "expected_text": "",
        "carrier_name": "DHL",
        "number": "00340434161094042557",
        "carrier_url": "https://www.dhl.de/",
        "latest": {
            "place": "Leipzig, Germany",
            "at": at(23, 7, 40),
            "zone": "Europe/Berlin",
            "text": "Sorted at the hub. Next stop: Munich.",
        },
        "scans": SCANS,
        "items": ITEMS,
        "pickup": None,
    }
    return base | more


def page(answer: str, **more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "order_number": "#1187",
        "title": answer,
        "flag": None,
        "answer": answer,
        "promised": "",
        "expected": "",
        "reasons": [],
        "act": None,
        "track": track(2, last="Thu 26"),
        "parcels": [parcel()],
        "unshipped": [],
        "unshipped_text": "",
        "help": HELP,
        "unlocked": False,
        "unlock_url": "/t/abc/code",
        "main": [{"kind": "parcels", "id": "parcels"}],
        "beside": [{"kind": "support", "id": "support"}, {"kind": "order", "id": "order"}],
        "wishes": [],
        "calendar_url": "/t/abc/delivery.ics",
        "details": None,
        "read_from": "DHL",
        "read_at": at(23, 14, 5),
        "unsubscribe_url": "/t/abc/emails",
    }
    return base | more


DETAILS = {
    "name": "Anna Berg",
    "address_lines": ["Lindenstraße 12, Hinterhaus", "80337 Munich", "Germany"],
    "email": "anna.berg@example.de",
    "lines": [
        {"label": "Merino hiking socks, mid-weight", "value": "€28.00", "note": "2 ×"},
        {"label": "Fjällvind three-layer storm jacket with helmet hood", "value": "€107.00", "note": "1 ×"},
    ],
    "totals": [
        {"label": "Items", "value": "€135.00"},
        {"label": "Discount TRAIL10", "value": "−€13.50"},
        {"label": "Shipping", "value": "€6.90"},
    ],
    "total_text": "€128.40",
}
SPLIT = [
    parcel(position=1, count=2, expected_text="Arriving Thursday, 26 November"),
    parcel(
        "delivered",
        position=2,
        count=2,
        expected_text="Delivered Saturday 10:21",
        carrier_name="PostNord",
        number="00370714904812349017",
        latest=None,
        items=CAP,
        scans=SCANS[-1:],
    ),
]
LATE = {"tone": "warn", "icon": "triangle-alert", "text": "Later than promised"}
NOT_THERE = {"url": "mailto:help@northlight.example", "icon": "circle-help", "label": "Not there? Tell us"}
WISH = {"tone": "accent", "icon": "hourglass", "text": "Give it to a neighbour: the shop has been asked and answers here."}
MAIN = [
    {
        "kind": "banner",
        "id": "banner",
        "title": "Wool week",
        "text": ["Everything from sheep."],
        "label": "Look",
        "url": "https://x.example/",
    },
    {"kind": "parcels", "id": "parcels"},
    {"kind": "score", "id": "score"},
    {"kind": "faq", "id": "faq", "rows": [{"title": "Can I wash it?", "text": ["By hand."]}]},
    {"kind": "howto", "id": "howto", "text": ["Before you wear it:"], "rows": [{"text": ["Air it."]}, {"text": ["Wear it."]}]},
    {"kind": "products", "id": "products", "rows": [{"title": "Cap", "text": ["€20"], "url": "https://x.example/cap"}]},
    {"kind": "social", "id": "social", "rows": [{"title": "Instagram", "text": [], "url": "https://x.example/us"}]},
]
STATES: dict[str, dict[str, object]] = {
    "on_the_way": page(
        "Arriving Thursday, 26 November",
        reasons=["8 of 10 parcels like this one arrive by then. First estimate was Wednesday."],
    ),
    "late": page(
        "Now Friday or Saturday",
        flag=LATE,
        promised="Wednesday, 25 November",
        reasons=["A strike closed the terminal in Padborg. Your parcel is not lost: it moves on tonight."],
        track=track(2, "warn", "Fri or Sat"),
        parcels=[parcel({"tone": "warn", "icon": "clock", "word": "Late, moving again"})],
    ),
    "delivered": page(
        "Delivered today, 11:42",
        reasons=["Handed to a neighbour. On time: we said Thursday."],
        track=track(4, "ok"),
        act=NOT_THERE,
        parcels=[parcel("delivered")],
    ),
    "collect": page(
        "Ready to collect until Saturday, 28 November",
        track=track(3),
        parcels=[
            parcel(
                "available_for_pickup",
                pickup={
                    "name": "DHL Packstation 214",
                    "lines": ["Lindwurmstraße 88, 80337 Munich", "Open all day"],
                    "until_text": "Bring the code that DHL sent you.",
                },
            )
        ],
    ),
    "problem": page(
        "The carrier could not find the address",
        flag={"tone": "bad", "icon": "triangle-alert", "text": "This needs you"},
        reasons=["DHL tried today at 10:12 and keeps the parcel until Friday. Tell us what is missing and it goes out again."],
        act={"url": "mailto:help@northlight.example", "icon": "message-circle", "label": "Tell us the address"},
        track=track(3, "warn"),
        parcels=[parcel("exception")],
    ),
    "returned": page(
        "Your parcel went back to Northlight",
        flag={"tone": "warn", "icon": "undo-2", "text": "Not delivered"},
        reasons=["Nobody collected it within 7 days. Northlight writes to you about sending it again or a refund."],
        track=None,
        parcels=[parcel("returned")],
    ),
    "cancelled": page(
        "This order was cancelled",
        flag={"tone": "warn", "icon": "ban", "text": "Cancelled on Friday 20 November"},
        reasons=["You get €128.40 back on your card, usually within 5 working days."],
        track=None,
        parcels=[],
        read_at=None,
        read_from="",
    ),
    "not_shipped": page(
        "Being packed, leaves tomorrow",
        reasons=["Expected Thursday or Friday. We write when it is on its way."],
        track=track(0, last="Thu or Fri"),
        parcels=[],
        unshipped=ITEMS + CAP,
        read_at=None,
        read_from="",
    ),
    "split": page(
        "One parcel is there, one comes Thursday",
        parcels=SPLIT,
        unshipped=[{**CAP[0], "title": "Trail backpack 24 l", "variant": "Plum"}],
        unshipped_text="Leaves Northlight on Wednesday.",
    ),
    "designed": page(
        "Arriving Thursday, 26 November", wishes=[WISH], main=MAIN, score="On time: 9 of 10 parcels in the last three months."
    ),
    "unlocked": page("Arriving Thursday, 26 November", unlocked=True, details=DETAILS),
}


class FindForm(forms.Form):
    order = forms.CharField(label="Order number", help_text="Looks like #1043")
    proof = forms.CharField(label="Email or postcode", help_text="The email you ordered with, or the postcode it goes to")


class CodeForm(forms.Form):
    code = forms.CharField(label="Code", max_length=7)

    def clean_code(self) -> str:
        raise forms.ValidationError("This is not the code we sent. 4 tries left.")


class WishForm(forms.Form):
    kind = forms.ChoiceField(label="What should happen?", choices=[("day", "Come on another day")], widget=forms.RadioSelect)
    text = forms.CharField(label="In your words", widget=forms.Textarea)


class ChoicesForm(forms.Form):
    news = forms.BooleanField(label="News and requests by email", help_text="Offers, and the question how you liked it.", required=False)
    late_only = forms.BooleanField(label="Order #1187: write only if something is late", required=False)
    locale = forms.ChoiceField(label="Language of your messages", choices=[("", "As in the shop"), ("de", "Deutsch")], required=False)


CODE = {
    "brand": BRAND,
    "order_number": "#1187",
    "masked_email": "a••••@e••••.de",
    "minutes": 10,
    "back_url": "/t/abc",
    "send_url": "/t/abc/code",
    "enter_url": "/t/abc/enter",
}
CONFIRM = {"brand": BRAND, "masked_email": "a••••@e••••.de", "choices_url": "/u/abc/choices"}
KEPT = "Order messages such as “delivered” still come."
PORTAL: dict[str, tuple[str, dict[str, object]]] = {
    **{f"tracking_{name}": ("portal/tracking.html", {"brand": BRAND, "page": state}) for name, state in STATES.items()},
    "find": ("portal/find.html", {"brand": BRAND, "form": FindForm()}),
    "find_wrong": ("portal/find.html", {"brand": BRAND, "form": FindForm({"order": "", "proof": "80337"})}),
    "find_sent": ("portal/find_sent.html", {"brand": BRAND, "find_url": "/find", "minutes": 5}),
    "code_ask": ("portal/code.html", {**CODE, "stage": "ask", "form": None}),
    "code_enter": ("portal/code.html", {**CODE, "stage": "enter", "form": CodeForm({"code": "123456"})}),
    "unsubscribe": (
        "portal/unsubscribe.html",
        {"brand": BRAND, "masked_email": "a••••@e••••.de", "scope": "marketing", "order_number": "", "kept": KEPT},
    ),
    "unsubscribed": (
        "portal/unsubscribed.html",
        {"brand": BRAND, "masked_email": "a••••@e••••.de", "kept": KEPT, "undo_url": "/u/abc/undo"},
    ),
    "choices": ("portal/choices.html", {"brand": BRAND, "masked_email": "a••••@e••••.de", "form": ChoicesForm(), "saved": True}),
    **{f"confirm_{stage}": ("portal/confirm.html", {**CONFIRM, "stage": stage}) for stage in ("ask", "done", "over")},
    **{f"wish_{name}": ("portal/wish.html", {**CODE, "page": name, "form": WishForm()}) for name in ("delivery", "address", "missing")},
    "stars": ("portal/stars.html", {**CODE, "form": forms.Form(), "chosen": 4, "stars": [(n, f"{n} of 5 stars") for n in range(1, 6)]}),
    "embed": ("portal/embed.html", {"brand": BRAND, "find_url": "/find"}),
    "gone": ("portal/gone.html", {"brand": BRAND, "find_url": "/find"}),
    "wait": ("portal/wait.html", {"brand": BRAND, "minutes": 40}),
}
