"""Is the relay at work?"""

from django.db.models import Count, Min, Q

from postpurchase.events.models import DomainEvent
from postpurchase.events.tasks import GIVE_UP, waiting
from postpurchase.lib import clock
from postpurchase.lib.gauges import Gauge
from postpurchase.tenancy.scope import every_tenant

LATE = 120.0  # seconds; the sweep passes every few


def gauges() -> list[Gauge]:
    """Of all merchants. Reads the index of events that wait."""
    with every_tenant("monitoring: events that wait"):
        found = waiting().aggregate(count=Count("id"), oldest=Min("occurred_at"))
        stuck = DomainEvent.objects.filter(Q(relayed_at=None) & Q(attempts__gte=GIVE_UP)).count()
    age = (clock.business_now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return [
        Gauge("events_waiting", "Events that wait for their handlers", found["count"]),
        Gauge("events_oldest_seconds", "Age of the event that waits longest", max(0.0, age), LATE),
        Gauge("events_given_up", "Events whose handlers failed until we gave up; the runbook says what to do", stuck),
    ]
