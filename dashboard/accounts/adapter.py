"""Where django-allauth asks us: words, mails, where one goes after signing in, and how secrets are kept."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages as notes
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brands import suggest
from dashboard.accounts import letters, opening
from postpurchase.lib import crypto
from postpurchase.post import write
from postpurchase.tenancy import audit, gates
from postpurchase.tenancy.scope import in_merchant

SECOND_FACTORS = uuid.UUID("5ec0d2fa-0000-7000-8000-000000000001")  # bound into what is sealed: a merchant's secret never opens as one
WRONG = _("No account has this email and password. Check both; capitals matter in the password.")
MANY = _("Too many tries. Wait a quarter of an hour, then try again.")
DONE = {
    "account/messages/password_changed.txt": _("Your password is changed. All your other log-ins have ended."),
    "account/messages/email_confirmation_sent.txt": _("A link is on its way to the address. Press it within three days."),
    "account/messages/email_confirmation_failed.txt": _("This address belongs to another account by now. Choose another one."),
    "account/messages/email_confirmed.txt": _("Your address is confirmed."),
    "mfa/messages/totp_activated.txt": _("Codes by app are on. From now on, signing in asks for one."),
    "mfa/messages/totp_deactivated.txt": _("Codes by app are off."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed. It no longer opens your account."),
    "mfa/messages/recovery_codes_generated.txt": _("These recovery codes are new. The old ones no longer work."),
    "usersessions/messages/sessions_logged_out.txt": _("All other log-ins have ended."),
}

LOGGED = {
    "account/messages/password_changed.txt": "person.password_changed",
    "mfa/messages/totp_activated.txt": "person.factor_added",
    "mfa/messages/totp_deactivated.txt": "person.factor_removed",
    "mfa/messages/webauthn_added.txt": "person.passkey_added",
    "mfa/messages/webauthn_removed.txt": "person.passkey_removed",
    "mfa/messages/recovery_codes_generated.txt": "person.codes_renewed",
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts in the product's words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "account_inactive": WRONG,
        "too_many_login_attempts": MANY,
        "rate_limited": MANY,
        "enter_current_password": _("This is not your current password. Check capitals, or sign out and set a new one by mail."),
        "incorrect_password": _("This is not your password. Check capitals."),
        "invalid_password_reset": _("This link was used before or is too old. Ask for a new one."),
        "incorrect_code": _("This code does not fit. Wait for the next one in your app, then try again."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: the page to sign in has counted the try, per email and address, so that a stranger cannot lock anybody out."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Somebody who was switched off is like somebody unknown."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing to add: see pre_authenticate()."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of our letters, in place of a template. It waits in the database: no request waits for a mail server."""
        letter = letters.written(template_prefix, context)
        if letter:
            write.put(email, letter)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """With the name that the form asks for, and the shop."""
        given = form.cleaned_data
        user.name = given["name"]
        saved = super().save_user(request, user, form, commit)
        site = given["website"]
        merchant = opening.open_shop(saved, given["shop"], locale=given["locale"], time_zone=given["time_zone"], website=site)
        with in_merchant(merchant):
            audit.record(audit.caller(request, user=saved), "shop.opened", words=merchant.name)
            if site:
                suggest.ask(site)
        return saved

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Our own words, for what is worth a word."""
        if act := LOGGED.get(message_template or ""):
            _log(request, act)
        said = DONE.get(message_template or "") or kwargs.get("message")
        if said:
            notes.add_message(request, level if level == notes.ERROR else notes.SUCCESS, str(said))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account."""
        return reverse("account")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The one that the rest of the product counts by."""
        address: str = request.META.get("REMOTE_ADDR") or "127.0.0.1"
        return address


def _log(request: HttpRequest, act: str) -> None:
    """Tell every shop that the person works for how they sign in now: its team relies on it."""
    if request.user.is_authenticated:
        for merchant_id, _slug, _name in gates.merchants_of(request.user.pk):
            with in_merchant(merchant_id):
                audit.record(audit.caller(request), act, subject=audit.person(request.user.pk))


class MfaAdapter(DefaultMFAAdapter):
    """Second factors, their secrets encrypted at rest under DATA_KEYS."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Codes change every 30 seconds and work once: wait for the next one, then try again."),
        "unverified_email": _("Confirm your email address first: its link is in your mailbox."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a TOTP key or the seed of recovery codes."""
        return crypto.seal(text, SECOND_FACTORS).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again. Raises crypto.Undecipherable."""
        return crypto.unseal(bytes.fromhex(encrypted_text), SECOND_FACTORS)
