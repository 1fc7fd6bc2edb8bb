from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.utils.translation import gettext_lazy as _

LONG = _("At least 12 characters. A few words are easier to keep than a riddle.")


class PlainForm(forms.Form):
    """Labels say what a field is; nothing stands inside it. A new password is written once: who mistypes it sets another by mail."""

    password2 = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields.pop("password2", None)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].label, self.fields["password1"].help_text = _("New password"), LONG


class ForgottenForm(PlainForm, theirs.ResetPasswordForm):
    """Whose password is forgotten. The answer is the same for an address that we do not know."""


class NewPasswordForm(PlainForm, theirs.ResetPasswordKeyForm):
    """The new password, behind a link from a mail."""


class ChangePasswordForm(PlainForm, theirs.ChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label, self.fields["oldpassword"].help_text = _("Current password"), ""


class AgainForm(PlainForm, theirs.ReauthenticateForm):
    """The password once more, before something that a stolen session must not do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
