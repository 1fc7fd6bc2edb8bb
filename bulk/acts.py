"""What can be done to many rows at once. Each act does to a row what the button on the row's own page does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bulk.models import Job
from notifications import direct, hold, resolve
from notifications.models import Message
from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from tracking.models import Shipment
from transfers.models import Subject


@dataclass(frozen=True)
class Act:
    """One act: its word on the button, its icon, what it means for whoever is to confirm it, and how it is done to one row.

    `run` raises IllegalMove, whose text says why the row cannot be acted on. Running it twice for one job is doing it once.
    """

    word: str | Promise
    icon: str
    means: str | Promise
    run: Callable[[Any, Job], object]


def _write(template: str) -> Callable[[Order, Job], object]:
    return lambda order, job: direct.again(template, order, once=str(job.pk))


def _link(parcel: Shipment, job: Job) -> object:
    return direct.again("tracking_link", _order_of(parcel), once=str(job.pk))


def _order_of(parcel: Shipment) -> Order:
    order: Order | None = parcel.order
    if order is None:
        raise IllegalMove(_("The parcel belongs to no order that we know."))
    return order


def _of_order(order: Order) -> Any:
    return Message.objects.filter(order=order)


HOLD = (lazy("Hold planned messages"), "pause", lazy("What is planned for them is not sent until somebody releases it."))
RELEASE = (lazy("Release held messages"), "play", lazy("What was held back goes out when it is due, at once if that is past."))
LINK = (lazy("Send the tracking link"), "link", lazy("Each shopper gets one email with the link to the tracking page."))
ACTS: dict[str, dict[str, Act]] = {
    Subject.ORDERS: {
        "tracking_link": Act(*LINK, _write("tracking_link")),
        "confirmation": Act(
            lazy("Send the confirmation again"), "send", lazy("Each shopper gets the order confirmation once more."), _write("confirmation")
        ),
        "hold": Act(*HOLD, lambda order, job: hold.hold_all(_of_order(order))),
        "release": Act(*RELEASE, lambda order, job: hold.release_all(_of_order(order))),
    },
    Subject.SHIPMENTS: {
        "tracking_link": Act(*LINK, _link),
        "hold": Act(*HOLD, lambda parcel, job: hold.hold_all(_of_order(_order_of(parcel)))),
        "release": Act(*RELEASE, lambda parcel, job: hold.release_all(_of_order(_order_of(parcel)))),
    },
    Subject.MESSAGES: {
        "again": Act(
            lazy("Send again"), "rotate-ccw", lazy("Those in doubt or failed are sent once more."), lambda row, job: resolve.send_again(row)
        ),
        "arrived": Act(
            lazy("Mark as arrived"), "check", lazy("Those in doubt count as sent and are not sent again."),
            lambda row, job: resolve.it_arrived(row),
        ),
        "hold": Act(
            lazy("Hold back"), "pause", lazy("What is planned is not sent until somebody releases it."), lambda row, job: hold.hold(row)
        ),
        "release": Act(lazy("Release"), "play", lazy("What was held back goes out when it is due."), lambda row, job: hold.release(row)),
    },
}  # fmt: skip


def name_of(row: Any) -> str:
    """What people call a row in the list of those that were refused."""
    if isinstance(row, Message):
        return f"{row.order.number if row.order else ''} {row.to_address}".strip() or to_public("msg", row.pk)
    return row.number or to_public("ord" if isinstance(row, Order) else "shp", row.pk)
