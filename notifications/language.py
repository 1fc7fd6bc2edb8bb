"""Which language a message is in: what the order says, else its customer, else the country it goes to, else the brand; English at last."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from babel.languages import get_official_languages

from orders.models import Customer, Order
from postpurchase.tenancy.models import Brand
from postpurchase.ui import tongue


def of(order: Order, *, customer: str | None = None, brand: Brand | None = None) -> str:
    """The language (de, or de-at where the place matters) of a message about the order.

    `customer`: their locale, `brand`: the merchant's, if they were read already; else they are read only when their turn comes.
    """
    own = tongue.nearest([order.locale])
    if own:
        return own
    theirs = customer if customer is not None else order.customer.locale if order.customer else ""
    found = tongue.nearest([theirs, main_language(order.ship_country)])
    return found or tongue.nearest([(brand or Brand.objects.order_by("id")[0]).locale]) or "en"


def of_many(orders: Iterable[Order], brand: Brand) -> dict[UUID, str]:
    """The same for a batch, by order; one query, and none where every order says itself."""
    orders = list(orders)
    unsaid = {order.customer_id for order in orders if order.customer_id and not tongue.nearest([order.locale])}
    told: dict[UUID | None, str] = dict(Customer.objects.filter(pk__in=unsaid).values_list("pk", "locale")) if unsaid else {}
    return {order.pk: of(order, customer=told.get(order.customer_id, ""), brand=brand) for order in orders}


@lru_cache(maxsize=512)
def main_language(country: str) -> str:
    """The official language that most people of a country (ISO 3166-1 alpha-2) use, with the country: de-AT. '' where CLDR knows none."""
    spoken = get_official_languages(country, de_facto=True) if len(country) == 2 else ()
    return f"{spoken[0]}-{country}" if spoken else ""
