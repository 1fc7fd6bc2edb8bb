"""What messages of one stream are checked with: the brand, designs and orders, each read once however many messages there are."""

from collections.abc import Iterable

from notifications.cases import Case
from notifications.lint import trying
from notifications.models import EmailDesign
from notifications.models.designs import key_of
from orders.models import Order
from postpurchase.tenancy.models import Brand


class Desk:
    """`names`: the templates that will be asked about. `orders`: those that messages are tried on; None: the newest 200, (): none."""

    def __init__(self, stream: str, names: Iterable[str] = (), orders: Iterable[Order] | None = None) -> None:
        self.stream, self.brand = stream, Brand.objects.order_by("id")[0]
        self._orders = orders if orders is None else list(orders)
        self._cases: dict[bool, list[Case]] = {}
        keys = {key for name in names if (key := key_of(name))}
        rows = EmailDesign.objects.select_related("live").defer("draft").filter(key__in=keys) if keys else ()
        self.designs = {row.key: row for row in rows}

    def cases(self, name: str, *, parcels: bool) -> list[Case]:
        """Messages about the orders by that template; about a parcel of each where it speaks of parcels."""
        if self._orders == []:
            return []
        if parcels not in self._cases:
            orders = trying.newest(parcels=parcels) if self._orders is None else self._orders
            self._cases[parcels] = trying.cases(orders, self.stream, self.brand, template=name, parcels=parcels)
        for case in self._cases[parcels]:
            case.message.template = name
        return self._cases[parcels]
