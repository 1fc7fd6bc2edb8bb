"""A merchant's rules, as they hold now: the row, or the defaults where nobody has changed anything."""

from notifications.countries import CONFIRM, group_of
from notifications.models import Confirm, MessagingRules
from postpurchase.tenancy.rows import rows_of


def current() -> MessagingRules:
    """The rules of the merchant in scope; not saved where there are none yet. One query."""
    found = rows_of(MessagingRules, "TRUE LIMIT 1")
    return found[0] if found else MessagingRules()


def kept() -> MessagingRules:
    """The row, locked to be changed; made if there is none."""
    MessagingRules.objects.get_or_create()
    return MessagingRules.objects.select_for_update().get()


def must_confirm(rules: MessagingRules, country: str) -> bool:
    """Whether a tick at checkout from there counts only once its mail was confirmed. An unknown country is asked as the strictest is."""
    listed = {Confirm.USUAL: CONFIRM, Confirm.LISTED: frozenset(rules.confirm_in)}.get(Confirm(rules.confirm))
    if listed is None:
        return rules.confirm == Confirm.ALWAYS
    return country in listed or (not country and bool(listed))


def soft_opt_in(rules: MessagingRules, country: str) -> bool:
    """Whether a customer from there may be written to, by email, until they object."""
    return group_of(country) in rules.soft_opt_in
