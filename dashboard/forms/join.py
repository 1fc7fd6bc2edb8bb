from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from dashboard.forms.password import LONG


class JoinForm(forms.Form):
    """Somebody new: their name, and a password. The address stands in the invitation."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"), strip=False, help_text=LONG, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        """Long enough, and none that everybody takes."""
        given: Any = self.cleaned_data["password"]
        validate_password(given)
        return str(given)
