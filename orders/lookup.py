"""Find orders: for a shopper who knows the number and who they are, and for the team."""

import re
from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, Value
from django.db.models.functions import Lower, Replace, Upper

from orders import people
from orders.models import Order, OrderQuerySet


def find(number: str, *, email: str = "", postcode: str = "") -> Order | None:
    """The newest order of that number (with or without '#', in any case) that has the email or the postcode too; otherwise None.

    One query whatever is given and whatever is found, so that the time does not tell which part was wrong. No erased order is found.
    """
    told_postcode = re.sub(r"[\s\0-]", "", postcode).upper()
    told_email = _clean(email).lower()
    same_person = Q(email=told_email) & ~Q(email="") | Q(plain_postcode=told_postcode) & ~Q(plain_postcode="")
    orders = Order.objects.alias(plain_postcode=Upper(Replace(Replace("ship_postcode", Value(" ")), Value("-"))))
    return orders.filter(same_person, number_key__in=_numbers(number), erased_at=None).newest_first().first()


def by_numbers(told: Collection[str]) -> dict[str, UUID]:
    """Each number, as it was told, that exactly one order has -> that order. One query, none for none."""
    found: dict[str, list[UUID]] = defaultdict(list)
    keys = {number: _clean(number).lstrip("#").strip().lower() for number in told}
    wanted = [key for bare in keys.values() if bare for key in (bare, f"#{bare}")]
    if wanted:
        for pk, key in Order.objects.filter(number_key__in=wanted, erased_at=None).values_list("pk", "number_key"):
            found[key.lstrip("#")].append(pk)
    return {number: found[bare][0] for number, bare in keys.items() if len(found[bare]) == 1}


def search(text: str) -> OrderQuerySet:
    """Orders by number, by email, or by the customer's name ("berg", "m berg", "mia berg"; see people.named), in any case.

    What the text looks like decides: an '@' makes it an email, a digit or '#' a number. Blank text finds nothing. Page the result.
    """
    told = " ".join(_clean(text).split())
    if not told:
        return Order.objects.none()
    if "@" in told:
        return Order.objects.filter(email=told.lower())
    if re.search(r"[\d#]", told):
        return Order.objects.filter(number_key__in=_numbers(told))
    return Order.objects.filter(customer__in=people.named(told))


def _numbers(number: str) -> list[Lower]:
    """Both ways of writing it; in lower case as PostgreSQL sees it, as the column is."""
    bare = _clean(number).lstrip("#").strip()
    return [Lower(Value(bare)), Lower(Value(f"#{bare}"))]


def _clean(text: str) -> str:
    """Without the character that PostgreSQL cannot hold."""
    return text.replace("\0", "").strip()
