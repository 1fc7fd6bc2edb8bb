"""Rate limits, counted in PostgreSQL: they hold over all web processes and survive a lost Redis."""

import hashlib
from datetime import timedelta

from django.db import connection

from postpurchase.lib import clock

HIT = """
INSERT INTO tenancy_ratecount AS c (key, hits, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN c.until <= %(now)s THEN 1 ELSE c.hits + 1 END,
  until = CASE WHEN c.until <= %(now)s THEN excluded.until ELSE c.until END
RETURNING hits, until"""


class TooMany(Exception):
    """The limit is used up. `retry_after` says in how many seconds it opens again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many tries: wait {retry_after} seconds")
        self.retry_after = retry_after


def hit(what: str, *, limit: int, window: timedelta) -> None:
    """Count one try at `what` (any text; only its SHA-256 is stored). Raises TooMany past `limit` in a window of machine time."""
    now = clock.machine_now()
    key = hashlib.sha256(what.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(HIT, {"key": key, "now": now, "until": now + window})
        hits, until = cursor.fetchone()
    if hits > limit:
        raise TooMany(max(1, int((until - now).total_seconds())))
