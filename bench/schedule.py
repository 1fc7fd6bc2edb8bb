"""Messages for W4: due ones with everything that guards ask about, and scheduled ones by the million."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bench import direct, story
from bench.ground import Ground
from bench.story import Shop
from notifications import library
from notifications.models import Enrolment, Flow, Message, Stream
from orders.models import Order
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant
from tracking.models import Shipment, Status


def shop(ground: Ground, name: str, size: int) -> Shop:
    """A merchant with the default flows, and a stored batch of `size` orders under its name."""
    made = story.shop(name)
    direct.batch(ground, made, name, size)
    with in_merchant(made.merchant_id):
        library.install()
    return made


def due(of: Shop, name: str, size: int) -> None:
    """`size` fresh orders on their way, each with its enrolment in the flow `shipped` and the message that is due now."""
    with in_merchant(of.merchant_id):
        with connection.cursor() as cursor:
            cursor.execute("SELECT bench.place(%s)", [name])
        orders = list(Order.objects.order_by("-id").values_list("pk", "email")[:size])
        now, flow = clock.business_now(), Flow.objects.get(key="shipped")
        parcels = [_parcel(of, order_id) for order_id, _ in orders]
        Shipment.objects.bulk_create(parcels)
        entered = [
            Enrolment(
                flow=flow,
                version=flow.live,
                subject=parcel.pk,
                order_id=order_id,
                shipment=parcel,
                trigger_at=now,
                node="email",
            )
            for parcel, (order_id, _) in zip(parcels, orders, strict=True)
        ]
        Enrolment.objects.bulk_create(entered)
        Message.objects.bulk_create(_message(one, flow, email, now) for one, (_, email) in zip(entered, orders, strict=True))


def _parcel(of: Shop, order_id: UUID) -> Shipment:
    return Shipment(order_id=order_id, connection_id=of.api_id, carrier="dhl", number=story.tag().upper(), status=Status.IN_TRANSIT)


def _message(of: Enrolment, flow: Flow, email: str, now: Any) -> Message:
    return Message(
        enrolment=of, flow=flow, node="email", order_id=of.order_id, shipment_id=of.shipment_id, template="shipped",
        stream=Stream.TRANSACTIONAL, to_address=email, locale="de", dedupe_key=f"bench:{of.pk}", due_at=now,
        expires_at=now + timedelta(hours=72),
    )  # fmt: skip


def scheduled(ground: Ground, merchants: list[UUID], count: int, name: str, *, after: timedelta) -> None:
    """So many messages in SQL, a second apart from `after` on, without orders."""
    values = {"merchants": [str(one) for one in merchants], "count": count, "name": name, "after": after}
    ground.script("scheduled", values)
