from datetime import UTC, date, datetime, timedelta

from django import forms

from postpurchase.ui.charts import Day, stacked_bars
from tests.ui.samples.lists import chip

NOW = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026, given as the clock in Gothenburg shows it (one hour before UTC)."""
    return datetime(2026, month, day, hour, minute, 11, tzinfo=UTC) - timedelta(hours=1)


class SignIn(forms.Form):
    login = forms.EmailField(label="Email")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)

    def clean(self) -> None:
        raise forms.ValidationError("No account has this email and password. Check both; capitals matter in the password.")


ITEMS = [
    {"title": "Merino hiking socks, mid-weight", "variant": "Rust, 43–46", "quantity": 2, "image_url": ""},
    {
        "title": "Fjällvind three-layer storm jacket with helmet hood",
        "variant": "Spruce, L",
        "quantity": 1,
        "image_url": "",
    },
]
TRACE = [
    {
        "tone": "accent",
        "icon": "package",
        "title": "Both parcels have a label",
        "text": "Flow “Shipped”, step 2",
        "at": at(18, 20),
    },
    {"tone": "ok", "icon": "check", "title": "Order message, no consent needed", "text": "", "at": at(18, 20)},
    {"tone": "ok", "icon": "check", "title": "Address works, not suppressed", "text": "", "at": at(18, 20)},
    {"tone": "warn", "icon": "hourglass", "title": "Held 12 min for parcel 2", "text": "", "at": at(18, 20, 12)},
    {"tone": "ok", "icon": "send", "title": "Handed to the mail server", "text": "250 2.0.0 OK", "at": at(18, 20, 12)},
]
WHY = {
    "id": "review",
    "title": "Why on Monday 30 November at 10:00",
    "text": "Parcel 1 should arrive Fri 27 Nov. The flow waits 3 days from the last parcel. Not sent if a return is open.",
    "trace": TRACE[:2],
    "link": {"url": "/flows/1", "label": "Open the flow"},
}


def fact(icon: str, title: str, when: datetime, **more: object) -> dict[str, object]:
    blank = {"tone": "", "text": "", "form": "clock", "zone": "", "planned": False, "badge": "", "link": None, "why": None}
    return {**blank, "icon": icon, "title": title, "at": when, **more}


DAYS = [
    {
        "heading": "Planned",
        "items": [
            fact(
                "star",
                "Review request",
                at(30, 10),
                form="full",
                planned=True,
                badge="message.due",
                text="3 days after the last parcel.",
                why=WHY,
            )
        ],
    },
    {
        "heading": "Today, Monday 23 November",
        "items": [fact("clock", "Held at the border", at(23, 11, 50), tone="warn", text="Terminal closed by strike.")],
    },
    {
        "heading": "Saturday 21 November",
        "items": [fact("circle-check", "Parcel 2 delivered", at(21, 10, 21), tone="ok", link={"url": "/m/1", "label": "See the message"})],
    },
]


def delivered_per_day() -> dict[str, object]:
    counts = [0, 46, 53, 45, 48, 57, 25, 0, 42, 58, 41, 42, 53, 25, 0, 56, 54, 57, 54, 45, 28, 0, 54, 50, 50, 58, 57, 36, 0, 56]
    late = [0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 1, 3, 1, 0, 1, 3, 2, 9, 9, 0, 0, 1, 2, 3, 2, 2, 3, 0, 3]
    days = [Day(date(2026, 10, 25) + timedelta(days=n), counts[n], late[n]) for n in range(30)]
    return stacked_bars(days, "Parcels delivered per day, 25 October to 23 November, on time and late.")


STATS = [
    {"label": "On the way", "value": "128", "unit": "parcels", "note": "in 117 orders, now", "url": "/shipments?view=moving"},
    {
        "label": "Out for delivery",
        "value": "14",
        "unit": "parcels",
        "note": "now; 9 delivered today",
        "url": "/shipments?parcel=out_for_delivery",
    },
    {
        "label": "Delivered on time",
        "value": "96.1",
        "unit": "%",
        "note": "342 of 356 parcels, last 7 days",
        "url": "/shipments?view=delivered&came=7d",
    },
    {
        "label": "Messages sent",
        "value": "1,204",
        "unit": "",
        "note": "0 failed in 7 days, 1 in doubt",
        "url": "/messages?state=sent&since=7d",
    },
]
FILTERS = {
    "active": [
        {"label": "Placed", "value": "last 30 days", "remove_url": "?view=open&carrier=dhl"},
        {"label": "Carrier", "value": "DHL", "remove_url": "?view=open&since=30d"},
    ],
    "more": [chip("parcel", "Parcel", late="late", in_transit="on the way"), chip("country", "Ship to", DE="Germany", JP="Japan")],
    "clear_url": "?view=open",
}
LONE: dict[str, tuple[str, dict[str, object]]] = {
    "404": ("404.html", {}),
    "403": ("403.html", {}),
    "403_csrf": ("403_csrf.html", {}),
    "409": ("409.html", {"text": "This message is already waiting to go out.", "back": "/messages/1"}),
    "429": ("429.html", {}),
    "500": ("500.html", {}),
    "no_shop": ("dashboard/no_shop.html", {"email": "maja@northlight.example"}),
    "login": ("account/login.html", {"form": SignIn(), "redirect_field_name": "next", "redirect_field_value": "/orders"}),
    "login_wait": ("account/login.html", {"form": SignIn(), "next": "", "wait": "Too many tries. Wait 15 minutes, then try again."}),
    "login_refused": (
        "account/login.html",
        {"form": SignIn({"login": "maja@northlight.example", "password": "x"}), "next": ""},
    ),
}
