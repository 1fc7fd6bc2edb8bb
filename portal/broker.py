"""The broker, asked with little patience."""

import redis
from django.conf import settings

PATIENCE = 2.0  # seconds


def connect() -> "redis.Redis":
    """A connection that gives up soon. Raises redis.RedisError when it is used."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
