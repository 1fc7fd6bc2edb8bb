import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrations.carriers import directory
from integrations.carriers.asking import NUMBER, OWN
from integrations.carriers.ways.way import Way
from postpurchase.lib import reach

HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
MOST_CARRIERS = 20
OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")  # which calls need as we write them
WORDS = {
    "api_key": _("API key"),
    "client_id": _("Client id"),
    "client_secret": _("Client secret"),
    "user": _("User"),
    "password": _("Password"),
    "account_number": _("Account number"),
    "header": _("Header"),
    "value": _("Its value"),
}
HINTS = {
    "header": _("For example Authorization. May stay empty."),
    "value": _("Kept encrypted, never shown."),
}


class AskingForm(forms.Form):
    """By which account a carrier is asked, and how often it may be."""

    asking = forms.BooleanField(label=_("Ask by itself"), required=False)
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("With {number} where the parcel’s number belongs, for example https://3pl.example/tracking/{number}"),
    )
    carriers = forms.CharField(
        label=_("Parcels of these carriers"),
        max_length=400,
        help_text=_("As your parcels name them, with commas between."),
    )
    a_minute = forms.IntegerField(
        label=_("Calls a minute at most"), min_value=1, max_value=600, help_text=_("What your contract with them allows.")
    )

    def __init__(self, data: Any = None, *, way: Way, kind: str, kept: dict[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.way, self.kept = way, kept
        if kind != OWN:
            del self.fields["url"]
        if way.carriers:
            del self.fields["carriers"]
        for name in way.needs:
            hint = HINTS.get(name, "") if name == "header" or not kept.get(name) else _("Kept encrypted. Empty: it stays as it is.")
            self.fields[name] = forms.CharField(label=WORDS[name], max_length=2000, required=False, help_text=hint)
            if name != "header":
                self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        self.order_fields(["asking", "url", "carriers", *way.needs, "a_minute"])

    @property
    def account(self) -> dict[str, str]:
        """What the account is known by: what was entered, else what is kept."""
        told = {name: str(self.cleaned_data.get(name, "")).strip() or self.kept.get(name, "") for name in self.way.needs}
        if "header" in told and not str(self.cleaned_data.get("header", "")).strip():
            return {"header": "", "value": ""}
        return told

    def clean_url(self) -> str:
        """A public address, with a place for the number."""
        given: str = self.cleaned_data["url"].strip()
        if NUMBER not in given:
            raise forms.ValidationError(_("Put {number} where the parcel’s number belongs."))
        try:
            reach.target(given.replace(NUMBER, "1"))
        except reach.Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        if given.partition("://")[2].partition("/")[0].count(NUMBER):
            raise forms.ValidationError(_("The host’s name is the same for all parcels: put {number} behind it."))
        return given

    def clean_carriers(self) -> list[str]:
        """Their codes, each once."""
        found = list(dict.fromkeys(code for part in self.cleaned_data["carriers"].split(",") if (code := directory.normalise(part))))
        if not found:
            raise forms.ValidationError(_("Name at least one carrier."))
        if len(found) > MOST_CARRIERS:
            raise forms.ValidationError(
                _("Name at most %(most)s carriers: those whose parcels you send most."), params={"most": MOST_CARRIERS}
            )
        return found

    def clean(self) -> dict[str, Any]:
        """An account that is whole, in characters that a header may have."""
        given = super().clean() or {}
        header = str(given.get("header", "")).strip()
        if header and (not HEADER.fullmatch(header) or header.lower() in OURS):
            self.add_error("header", _("This header cannot be set. Use another, for example Authorization."))
        for name, value in self.account.items():
            if name != "header" and not (value.isascii() and value.isprintable()):
                self.add_error(name, _("Use letters, digits and signs of plain ASCII, on one line."))
            if given.get("asking") and not value and ("header" not in self.account or self.account["header"]):
                self.add_error(name, _("Enter it, so that they know who asks."))
        return given
