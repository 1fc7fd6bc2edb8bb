"""What people ask about endpoints: how they fare, what they were told lately."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from integrations.models import EndpointState, Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks.endpoints import kept


@dataclass(frozen=True)
class Tally:
    """Deliveries of a time, by what became of them."""

    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    held: int = 0


def tallies(since: datetime) -> dict[UUID, Tally]:
    """By endpoint, test events left out. One query."""
    rows = WebhookDelivery.objects.filter(created_at__gte=since, trial=False).values("endpoint_id", "state").annotate(n=Count("id"))
    found: dict[UUID, dict[str, int]] = {}
    for row in rows.order_by():
        found.setdefault(row["endpoint_id"], {})[row["state"]] = row["n"]
    return {endpoint: _tally(states) for endpoint, states in found.items()}


def _tally(states: dict[str, int]) -> Tally:
    waiting = states.get(Outbound.DUE, 0) + states.get(Outbound.CLAIMED, 0)
    return Tally(states.get(Outbound.DONE, 0), states.get(Outbound.FAILED, 0), waiting, states.get(Outbound.HELD, 0))


def health(row: WebhookEndpoint) -> str:
    """healthy, failing, quiet (nothing has been delivered yet), off or stopped."""
    if row.state != EndpointState.ON:
        return row.state
    if row.failing_since:
        return "failing"
    return "healthy" if row.last_success_at else "quiet"


def stopped() -> QuerySet[WebhookEndpoint]:
    """Those that we stopped: somebody has to look."""
    return kept().filter(state=EndpointState.STOPPED)
