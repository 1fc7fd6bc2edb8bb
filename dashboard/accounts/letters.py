"""The mails of accounts: confirm, reset, invite, and what the owner of an account should know. One look for all of them."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from postpurchase.post.write import Letter


def _page(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(name)}"


def _not_you() -> str:
    return _("If that was not you, set a new password at once: somebody else may know yours.")


def confirm(given: dict[str, Any]) -> Letter:
    """After sign-up: proves that the address is theirs."""
    return Letter(
        _("Confirm your email address"),
        _("One click, and your shop is open. The link works for three days."),
        _("Confirm this address"),
        given["activate_url"],
        _("You get this because somebody signed up for Postpurchase with this address. If that was not you, do nothing."),
    )


def confirm_new(given: dict[str, Any]) -> Letter:
    """For somebody who wants another address: proves that the new one is theirs."""
    return Letter(
        _("Confirm your new email address"),
        _("From then on you sign in with this address. Until then the old one holds. The link works for three days."),
        _("Confirm this address"),
        given["activate_url"],
        _("You get this because somebody gave this address as their new one on Postpurchase. If that was not you, do nothing."),
    )


def address_taken(given: dict[str, Any]) -> Letter:
    """The old address is told where the account went."""
    return Letter(
        _("Your email address was changed"),
        _("Your account now has the address %(new)s. This is the last mail to the old one.") % {"new": given["to_email"]},
        _("Sign in"),
        _page("account_login"),
        _("If that was not you, answer this mail at once: somebody else may have your account."),
    )


def confirm_either(given: dict[str, Any]) -> Letter:
    """The same name for two things at allauth's: a sign-up whose mail is sent again, and another address."""
    has_one = EmailAddress.objects.filter(user=given["user"], verified=True).exists()
    return confirm_new(given) if has_one else confirm(given)


def known_already(given: dict[str, Any]) -> Letter:
    """A sign-up with an address that has an account: only its owner is told."""
    return Letter(
        _("You already have an account"),
        _("Somebody signed up with this address, but it has an account already. Sign in, or set a new password if you have forgotten it."),
        _("Sign in"),
        _page("account_login"),
        _("If that was not you, do nothing: nothing was changed."),
    )


def reset(given: dict[str, Any]) -> Letter:
    """A forgotten password."""
    return Letter(
        _("Set a new password"),
        _("The link works once. Your old password holds until you have set a new one."),
        _("Set a new password"),
        given["password_reset_url"],
        _("You get this because somebody asked for it on the page to sign in. If that was not you, do nothing."),
    )


def _notice(subject: Callable[[], str], text: Callable[[], str]) -> Callable[[dict[str, Any]], Letter]:
    """Something of the account has changed: its owner should hear of it."""
    return lambda given: Letter(subject(), text(), _("Look at your account"), _page("account"), _not_you())


LETTERS: dict[str, Callable[[dict[str, Any]], Letter]] = {
    "account/email/email_confirmation": confirm_either,
    "account/email/email_confirmation_signup": confirm,
    "account/email/email_changed": address_taken,
    "account/email/account_already_exists": known_already,
    "account/email/password_reset_key": reset,
    "account/email/password_reset": _notice(lambda: _("Your password was changed"), lambda: _("A new one was set by a link from a mail.")),
    "account/email/password_changed": _notice(lambda: _("Your password was changed"), lambda: _("All your other log-ins have ended.")),
    "account/email/password_set": _notice(lambda: _("A password was set"), lambda: _("You can sign in with it from now on.")),
    "mfa/email/totp_activated": _notice(lambda: _("Codes by app are on"), lambda: _("Signing in now asks for a code from your app.")),
    "mfa/email/totp_deactivated": _notice(
        lambda: _("Codes by app are off"), lambda: _("Signing in no longer asks for a code from your app.")
    ),
    "mfa/email/webauthn_added": _notice(lambda: _("A passkey was added"), lambda: _("You can sign in with it from now on.")),
    "mfa/email/webauthn_removed": _notice(lambda: _("A passkey was removed"), lambda: _("It no longer opens your account.")),
    "mfa/email/recovery_codes_generated": _notice(
        lambda: _("New recovery codes were made"),
        lambda: _("The old ones no longer work. Keep the new ones where you find them without this device."),
    ),
}


def written(prefix: str, given: dict[str, Any]) -> Letter | None:
    """The letter behind one of allauth's names; None for those that need no mail (a confirmed address)."""
    found = LETTERS.get(prefix)
    return found(given) if found else None


def invitation(shop: str, by: str, role: str, url: str) -> Letter:
    """Somebody is asked to join a team."""
    said = {"shop": shop, "by": by, "role": role}
    return Letter(
        _("Join %(shop)s on Postpurchase") % said,
        _("%(by)s invites you to the team of %(shop)s, as %(role)s. The invitation holds for seven days.") % said,
        _("Look at the invitation"),
        url,
        _("You get this because %(by)s wrote your address. If you do not know them, do nothing.") % said,
    )
