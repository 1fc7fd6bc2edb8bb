from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Email and password. An unknown email and a wrong password get the same answer, after the same work."""

    error_messages = {
        "invalid_login": _("No account has this email and password. Check both; capitals matter in the password."),
        "inactive": _("No account has this email and password. Check both; capitals matter in the password."),
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.label_suffix = ""

    username = forms.EmailField(label=_("Email"), widget=forms.EmailInput(attrs={"autofocus": True}))
