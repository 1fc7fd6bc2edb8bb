"""Ann runs a shop, Bob runs another and is a stranger to Ann's. hire() adds people to a team, one per role."""

from django.test import Client

from integrations.opening import open_merchant
from postpurchase.events.models import DomainEvent
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant

PASSWORD = "correct horse battery staple"


def open_shop(slug: str) -> Merchant:
    """A merchant as sign-up makes one, some time ago: that it opened has been told and forgotten."""
    merchant = open_merchant(slug.title(), slug, support_email=f"help@{slug}.example", time_zone="Europe/Berlin")
    with in_merchant(merchant):
        DomainEvent.objects.all().delete()
    return merchant


def hire(merchant: Merchant, email: str, role: Role) -> User:
    """A user with that role at the merchant."""
    user = User.objects.create_user(email, PASSWORD)
    with in_merchant(merchant):
        Membership.objects.create(user=user, role=role)
    return user


def signed_in(merchant: Merchant, role: Role) -> Client:
    client = Client()
    client.force_login(hire(merchant, f"{role}@{merchant.slug}.example", role))
    return client
