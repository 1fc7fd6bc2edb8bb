"""An order that nobody placed, in memory only: what a message would look like, for whoever is choosing its look."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from notifications.cases import Case
from notifications.models import Message, Stream
from orders.models import Line, Order
from postpurchase.lib import clock
from postpurchase.tenancy.models import Brand

NOBODYS = UUID(int=7 << 76 | 2 << 62)
PRICE, SHIPPING = 4900, 490  # minor units


def case(brand: Brand) -> Case:
    """The confirmation of a made-up order in that brand. Asks the database nothing."""
    at = clock.business_now() - timedelta(hours=1)
    order = Order(
        id=NOBODYS, number="#1043", placed_at=at, source_updated_at=at, currency="EUR", shop_currency="EUR", items_total=2 * PRICE,
        shipping_total=SHIPPING, total=2 * PRICE + SHIPPING, taxes_included=True, ship_country="DE", email="anna@example.com",
        phone="+4915112345678",
        shipping_address={"name": "Anna Berg", "line1": _("1 Sample Street"), "city": "Berlin", "postcode": "10119", "country": "DE"},
    )  # fmt: skip
    line = Line(order_id=NOBODYS, position=0, title=_("Linen shirt"), quantity=2, unit_price=PRICE)
    message = Message(template="confirmation", stream=Stream.TRANSACTIONAL, order_id=NOBODYS, locale=brand.locale, to_address=order.email)
    return Case(message=message, brand=brand, order=order, lines=[line])
