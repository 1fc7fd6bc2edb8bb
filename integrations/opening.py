"""A merchant joins: the merchant, its brand, and the connection that its API calls belong to."""

from typing import Any

from integrations.models import Connection
from postpurchase.events import bus
from postpurchase.events.catalogue import MerchantOpened
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant


def open_merchant(name: str, slug: str, **brand: Any) -> Merchant:
    """A new merchant, ready to take orders. `brand` sets fields of its Brand. Raises IntegrityError for a slug that is taken."""
    merchant = Merchant.objects.create(name=name, slug=slug)
    with in_merchant(merchant):
        Brand.objects.create(**{"name": name, **brand})
        Connection.objects.create(kind=Connection.API, label="API")
        bus.publish(MerchantOpened(merchant_id=merchant.pk))
    return merchant
