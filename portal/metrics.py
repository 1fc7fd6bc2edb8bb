"""Figures for Prometheus, taken from the database and the broker when they are asked for: the same whichever process answers."""

import hmac
from collections.abc import Iterator

import redis
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from integrations import pulse as deliveries
from notifications import pulse as messages
from portal import broker
from postpurchase.events import pulse as events
from postpurchase.jobs.queues import QUEUES
from postpurchase.lib.gauges import Gauge
from postpurchase.post import pulse as letters

PREFIX = "postpurchase_"


def gauges() -> list[Gauge]:
    """What the product measures about itself."""
    return [*messages.gauges(), *events.gauges(), *deliveries.gauges(), *letters.gauges()]


class Collector:
    """Asks when Prometheus does."""

    def collect(self) -> Iterator[Metric]:
        """The gauges, and how many tasks wait in each queue."""
        for gauge in gauges():
            yield GaugeMetricFamily(PREFIX + gauge.name, gauge.words, value=gauge.value)
        yield _queues()


def _queues() -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}queue_depth", "Tasks that wait in a queue of the broker", labels=["queue"])
    try:
        with broker.connect() as open_broker:
            for queue in QUEUES:
                family.add_metric([queue], int(open_broker.llen(queue)))
    except redis.RedisError:
        pass  # no samples: what is not known is not nought
    return family


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """In Prometheus' text format, for whoever brings METRICS_TOKEN as a bearer token. To all others there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Collector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
