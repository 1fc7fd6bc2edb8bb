"""For load balancers and watchdogs: does the process run, and can it work?"""

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import claim
from portal import broker, metrics


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing else, so that a database that is away does not get every process killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if database and broker answer, else 503; with how many seconds the message that is due longest has waited."""
    found = {"database": _database(), "broker": _broker()}
    well = all(found.values())
    waiting = claim.longest_wait() if found["database"] else None
    return JsonResponse({**found, "longest_wait_seconds": waiting}, status=200 if well else 503)


@never_cache
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """200 while work is being done, else 503 naming what waits too long: for the alarm, not for the balancer, which could mend nothing."""
    if not _database():
        return JsonResponse({"database": False}, status=503)
    late = [gauge.name for gauge in metrics.gauges() if gauge.wrong]
    return JsonResponse({"database": True, "late": late}, status=503 if late else 200)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with broker.connect() as open_broker:
            return bool(open_broker.ping())
    except redis.RedisError:
        return False
