"""Errors to Sentry, where the operator wants it: with the ids that the log has, without people's data."""

from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from postpurchase.lib import logs


def report() -> None:
    """Once a process, where SENTRY_DSN is set. Raises ImproperlyConfigured without the package."""
    if not settings.SENTRY_DSN:
        return
    try:
        sentry = import_module("sentry_sdk")
    except ImportError:
        raise ImproperlyConfigured('SENTRY_DSN is set, but sentry-sdk is not installed: add the extra "observability"') from None
    sentry.init(
        dsn=settings.SENTRY_DSN,
        before_send=clean_event,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
    )


def clean_event(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """What leaves: no address with its links, no headers, no cookies; strings as in the log."""
    request = event.get("request", {})
    event["request"] = {"method": request["method"]} if "method" in request else {}
    event["tags"] = {**event.get("tags", {}), **structlog.contextvars.get_contextvars()}
    event.pop("user", None)
    found: dict[str, Any] = logs.clean(event)
    return found
