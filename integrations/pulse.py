"""Is what comes in being read, and are merchants' machines being told?"""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from integrations.models import Delivery, InboundDelivery, Outbound, WebhookDelivery
from postpurchase.lib import clock
from postpurchase.lib.gauges import Gauge
from postpurchase.tenancy.scope import every_tenant

INBOUND_LATE, OUTBOUND_LATE = 120.0, 600.0  # seconds; an endpoint that takes its time holds up its own calls only


def gauges() -> list[Gauge]:
    """Of all merchants. Reads the indexes of what is due."""
    now = clock.machine_now()
    with every_tenant("monitoring: deliveries in and out that wait"):
        into = _waiting(InboundDelivery.objects.filter(state=Delivery.DUE, due_at__lte=now))
        out = _waiting(WebhookDelivery.objects.filter(state=Outbound.DUE, due_at__lte=now))
    return [
        Gauge("inbound_waiting", "Deliveries of shops and carriers that wait to be read", into["count"]),
        Gauge("inbound_lag_seconds", "How late the delivery is that waits longest", _age(into["oldest"], now), INBOUND_LATE),
        Gauge("webhooks_waiting", "Calls to merchants' machines that are due", out["count"]),
        Gauge("webhooks_lag_seconds", "How late the call is that waits longest", _age(out["oldest"], now), OUTBOUND_LATE),
    ]


def _waiting(rows: QuerySet[Any]) -> dict[str, Any]:
    return rows.aggregate(count=Count("id"), oldest=Min("due_at"))


def _age(oldest: datetime | None, now: datetime) -> float:
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
