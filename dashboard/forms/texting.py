from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import SmsProvider
from postpurchase.tenancy.models import CountOpens

FAULTS = {
    "sid": _("It begins with AC, followed by 32 letters and digits. It stands on the first page of the Twilio console."),
    "token": _("It has 32 letters and digits. It stands beside the account SID."),
    "sender": _("Enter a number with its country, such as +12025550123, a messaging service (MG…), or a name of up to 11 letters."),
    "number": _("Enter a number with its country, such as +4915123456789."),
    "provider": _("Choose one of these."),
}
QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class AccountForm(forms.Form):
    """The merchant's account with a provider of text messages. The token is never shown again: empty keeps the one that is there."""

    provider = forms.ChoiceField(label=_("Sent by"), widget=forms.RadioSelect)
    account_sid = forms.CharField(label=_("Account SID"), max_length=64, required=False, widget=forms.TextInput(attrs=QUIET))
    token = forms.CharField(label=_("Auth token"), max_length=64, required=False, widget=forms.PasswordInput(attrs=QUIET))
    sender = forms.CharField(
        label=_("Sender"), max_length=40, required=False, help_text=_("A number of yours at Twilio, a messaging service, or a name.")
    )

    def __init__(self, *args: Any, offered: list[SmsProvider], kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]
        self.fields["provider"].initial = offered[0].value
        self.fields["token"].help_text = (
            _("It is kept sealed. Leave this empty to keep it.") if kept else _("It is kept sealed, and never shown.")
        )


class TestTextForm(forms.Form):
    """Whom to send a test to. `once`: the same form is the same text."""

    number = forms.CharField(label=_("Phone number"), max_length=40, help_text=_("With its country, such as +4915123456789."))
    once = forms.RegexField(r"\A[\w-]{20,60}\Z", widget=forms.HiddenInput)


class CountingForm(forms.Form):
    """What is counted of the shop's messages."""

    count_clicks = forms.BooleanField(
        label=_("Count clicks"),
        required=False,
        help_text=_("Links lead through your tracking page’s address. Links to unsubscribe never do."),
    )
    count_opens = forms.ChoiceField(
        label=_("Count opens"),
        choices=CountOpens.choices,
        widget=forms.RadioSelect,
        help_text=_("By a picture in the email. In Europe, ask your shoppers first."),
    )
