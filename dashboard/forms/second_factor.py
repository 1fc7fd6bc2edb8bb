from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
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


class PasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey. One that asks for a finger, face or PIN may open the account alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you know it again, for example “Laptop”.")
        self.fields["passwordless"].label = _("Sign in with it alone")
        self.fields["passwordless"].help_text = _("Without a password. It then asks for your finger, face or PIN each time.")


class ActivateForm(PlainCode, totp.ActivateTOTPForm):
    """The first code: it proves that the app has the key."""
