from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _


class PlainCode(forms.Form):
    """A code, with a label and nothing in the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs.pop("placeholder", None)


class CodeForm(PlainCode, base.AuthenticateForm):
    """A code from the app, or a recovery code, while signing in."""


class CodeAgainForm(PlainCode, base.ReauthenticateForm):
    """The same, before something that a stolen session must not do."""


class ActivateForm(PlainCode, totp.ActivateTOTPForm):
    """The first code: it proves that the app has the key."""
