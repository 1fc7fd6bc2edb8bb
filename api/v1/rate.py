"""How often a key may call. Counted in Redis by parcels of ten, so that nine calls of ten ask nobody; without Redis all pass."""

import logging
from dataclasses import dataclass
from uuid import UUID

import redis
from django.conf import settings

from postpurchase.lib import clock
from postpurchase.tenancy.problems import Problem

log = logging.getLogger(__name__)
WINDOW = 10  # seconds
PARCEL = 10  # calls that a process takes from the window at once
REST = 5.0  # seconds before a Redis that failed is asked again


@dataclass
class Share:
    """What this process may still spend of a key's window."""

    window: int
    left: int
    remaining: int  # of the whole window, when the last parcel was taken


class Limiter:
    """Counts calls of keys. Threads of one process may now and then pass one call too many: the limit guards load, not money."""

    def __init__(self, client: "redis.Redis", per_second: int) -> None:
        self.quota = per_second * WINDOW
        self._redis, self._shares, self._rest_until = client, dict[UUID, Share](), 0.0

    def take(self, key: UUID) -> dict[str, str]:
        """Count one call; returns the RateLimit headers of the answer. Raises Problem 429 when the window is used up."""
        now = int(clock.machine_now().timestamp())
        window, reset = now // WINDOW, WINDOW - now % WINDOW
        share = self._shares.get(key)
        if share is None or share.window != window or share.left == 0:
            share = self._more(key, window)
        share.left -= 1
        headers = self._headers(max(0, share.remaining + share.left), reset)
        if share.left < 0:
            detail = f"This key may call {self.quota} times in {WINDOW} seconds. Wait {reset} seconds."
            problem = Problem(429, "too-many-requests", detail, Retry_After=str(reset))
            problem.headers |= headers
            raise problem
        return headers

    def _headers(self, remaining: int, reset: int) -> dict[str, str]:
        return {"RateLimit-Policy": f'"default";q={self.quota};w={WINDOW}', "RateLimit": f'"default";r={remaining};t={reset}'}

    def _more(self, key: UUID, window: int) -> Share:
        if len(self._shares) > 10_000:
            self._shares.clear()
        taken = self._count(f"rate:{key}:{window}")
        share = Share(window, left=max(0, min(PARCEL, self.quota - taken + PARCEL)), remaining=max(0, self.quota - taken))
        self._shares[key] = share
        return share

    def _count(self, name: str) -> int:
        if clock.monotonic() < self._rest_until:
            return PARCEL
        try:
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.incrby(name, PARCEL)
            pipeline.expire(name, 2 * WINDOW)
            taken, _ = pipeline.execute()
        except redis.RedisError:
            log.warning("calls are not limited: Redis does not answer", exc_info=True)
            self._rest_until = clock.monotonic() + REST
            return PARCEL
        return int(taken)


limiter = Limiter(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.05, socket_connect_timeout=0.05), settings.API_CALLS_PER_SECOND)
