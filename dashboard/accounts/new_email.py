"""The form for another address. Here and not among the forms: it writes letters."""

from typing import Any

from allauth.account import forms as theirs
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib import messages as notes
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import letters
from dashboard.forms.password import PlainForm
from postpurchase.post import write
from postpurchase.tenancy.models import User


class NewEmailForm(PlainForm, theirs.AddEmailForm):
    """The address that one wants from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")

    def save(self, request: HttpRequest) -> EmailAddress:
        """A link goes to the new address. One that has an account gets a word to its owner instead; the page says the same either way."""
        email = self.cleaned_data["email"]
        if not User.objects.filter(email=email).exists():
            saved: EmailAddress = super().save(request)
            return saved
        write.put(email, letters.known_already({}))
        get_adapter().add_message(request, notes.INFO, "account/messages/email_confirmation_sent.txt", {"email": email})
        return EmailAddress(user=self.user, email=email)
