"""Three people: Ann runs a shop, Bob runs another and is a stranger to Ann's; Olga, Abe, Agnes and Vic work for Ann, one per role."""

from integrations.models import Connection
from postpurchase.tenancy.models import Brand, Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant

PASSWORD = "correct horse battery staple"


def open_shop(slug: str) -> Merchant:
    """A merchant with its brand and its API connection, as sign-up makes one."""
    merchant = Merchant.objects.create(name=slug.title(), slug=slug)
    with in_merchant(merchant):
        Brand.objects.create(name=slug.title(), support_email=f"help@{slug}.example", time_zone="Europe/Berlin")
        Connection.objects.create(kind=Connection.API, label="API")
    return merchant


def hire(merchant: Merchant, email: str, role: Role) -> User:
    """A user with that role at the merchant."""
    user = User.objects.create_user(email, PASSWORD)
    with in_merchant(merchant):
        Membership.objects.create(user=user, role=role)
    return user
