from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms.webhook import ReplayForm


class ConnectionForm(forms.Form):
    """What a connection is called, and whose account it is."""

    label = forms.CharField(label=_("Name"), max_length=80, help_text=_("For your team, for example “German shop”."))
    account = forms.CharField(max_length=253, required=False)

    def __init__(self, *args: Any, account: Any, hint: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].label = account
        self.fields["account"].help_text = hint


class SecretForm(forms.Form):
    """The secret that the other side signs with, as it shows it."""

    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=8000,  # a set of public keys is a secret too
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the secret that the other side shows.")},
    )
    end = forms.BooleanField(label=_("End the old one at once"), required=False)


class ReadAgainForm(ReplayForm):
    """A range of time, and what of it is read again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("unread", _("What failed, and what waits for its order")),
            ("failed", _("What failed")),
            ("parked", _("What waits for its order")),
            ("all", _("Everything, also what was recorded")),
        ]
