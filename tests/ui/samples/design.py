"""The page of parts: every component once."""

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from postpurchase.ui.badges import BADGES
from postpurchase.ui.charts import meter
from postpurchase.ui.templatetags.ui import UNDO
from tests.ui.samples.frame import frame
from tests.ui.samples.parts import DAYS, FILTERS, ITEMS, STATS, TRACE, WHY, SignIn, delivered_per_day
from tests.ui.samples.portal import parcel, track


class ParcelForm(forms.Form):
    number = forms.CharField(label="Tracking number", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    carrier = forms.ChoiceField(choices=[("dhl", "DHL"), ("pn", "PostNord")], help_text="Recognised from the number")
    speed = forms.ChoiceField(
        label="Promise", choices=[("std", "In 3 days"), ("fast", "Tomorrow")], widget=forms.RadioSelect, help_text="Working days"
    )
    tell = forms.BooleanField(label="Tell the shopper", help_text="One email, now", required=False)

    def clean_number(self) -> str:
        raise forms.ValidationError("19 digits; DHL numbers have 20. Nothing was saved yet.")


PARTS = {
    "badges": list(BADGES),
    "stats": STATS,
    "days": DAYS,
    "trace": TRACE,
    "why": {**WHY, "id": "design"},
    "empty": {
        "icon": "inbox",
        "title": "No parcel events yet",
        "text": "Every scan and message will appear here, newest first. It is empty because no order has come in.",
        "act": {"url": "/", "label": "Make a test order", "icon": "flask-conical"},
    },
    "tabs": [
        {"label": "All", "url": "?", "count": None, "current": False},
        {"label": "Open", "url": "?view=open", "count": 128, "current": True},
        {"label": "Late", "url": "?view=late", "count": 6, "current": False},
    ],
    "filters": FILTERS,
    "pager": {"said": "Down to Fri 13 Nov", "next_url": "?after=abc", "more": "Load 50 more"},
    "chart": delivered_per_day(),
    "meter": meter([("a", 58), ("c", 3)], 80),
    "items": ITEMS,
    "form": ParcelForm(prefix="good"),
    "bad_form": ParcelForm({"bad-number": "0034043416109404255", "bad-carrier": "dhl", "bad-speed": "std"}, prefix="bad"),
    "refused_form": SignIn({"login": "maja@northlight.example", "password": "x"}),
    "messages": [
        Message(constants.ERROR, "Nothing was sent: the mail server refused the sender’s address."),
        Message(constants.WARNING, "Saved. Two of the twelve rows were skipped; they are listed below."),
        Message(constants.SUCCESS, "12 messages go out again."),
        Message(constants.SUCCESS, "“Late in Germany” is gone.", f"{UNDO}/filters/1/restore?once=sample"),
    ],
    "track": track(2, last="Thu 26"),
    "parcel": parcel(),
}
DESIGN = {"design": ("dashboard/design.html", {"frame": frame("home"), "parts": PARTS})}
