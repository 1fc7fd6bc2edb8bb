from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from brands import suggest
from dashboard.forms.password import LONG
from postpurchase.lib import reach


@cache
def zones() -> list[tuple[str, str]]:
    """Every place that has its own clock, by name. Looked up once a process: it walks over a thousand files."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "posix", "right")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ").replace("/", " / ")) for zone in places)]


def site_of(given: str) -> str:
    """The address of a shop's home page, '' for none. Raises ValidationError, with what to mend."""
    try:
        return suggest.address_of(given) if given.strip() else ""
    except reach.Refused as refused:
        raise forms.ValidationError(str(refused)) from refused


class SignUpForm(SignupForm):
    """A person and their shop. Language and time zone are guessed from the browser, and can be put right."""

    shop = forms.CharField(label=_("Name of your shop"), max_length=80, help_text=_("As your shoppers know it."))
    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    website = forms.CharField(
        label=_("Address of your shop"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        help_text=_("May stay empty. We look there for your logo and colour; you decide what is taken."),
    )
    locale = forms.ChoiceField(label=_("Language of your shop"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, widget=forms.Select(attrs={"data-zone": ""}))
    field_order = ("shop", "website", "name", "email", "password1", "locale", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name in ("email", "password1"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = LONG

    def clean_website(self) -> str:
        """As it is to be called, if it may be called at all."""
        return site_of(self.cleaned_data["website"])

    def save(self, request: HttpRequest) -> Any:
        """The person, their shop, and their place in it: all or nothing."""
        with transaction.atomic():
            return super().save(request)  # dashboard.accounts.adapter opens the shop
