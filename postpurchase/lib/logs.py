"""What the process says on stderr: one line an event, JSON in production, with the ids of what it is about and without people's data."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

# Addresses of people; secrets and links by their own marks, for whoever has a tracking link reads an order.
SECRETS = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"\b(?:pk_(?:live|test)_|whsec_|shpss_|shpat_)[\w+/=-]+"), "[secret]"),
    (re.compile(r"(?<=/[cotu]/)[\w-]{16,}"), "[link]"),
    (re.compile(r"(?<=/invitations/)[\w:-]+"), "[link]"),
    (re.compile(r"(?<=/password/new/)[\w-]+"), "[link]"),
    (re.compile(r"(?<=/sign-up/confirm/)[\w:-]+"), "[link]"),
)


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Every line that is written inside, by this thread, names these too. Empty ones are left out."""
    with structlog.contextvars.bound_contextvars(**{name: value for name, value in facts.items() if value}):
        yield


def request_id() -> str:
    """The id of the request that this thread is answering, or that set off the task it runs; '' without one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def clean(value: Any) -> Any:
    """The same with addresses, links and secrets struck out, however deep they stand."""
    if isinstance(value, str):
        for pattern, mark in SECRETS:
            value = pattern.sub(mark, value)
        return value
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else clean(str(value))  # a request's own words name its link


def formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    """For settings.LOGGING: every logger writes through the root's handler, Django's, Celery's and gunicorn's own too."""
    last: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _cleaned,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=steps, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )


def _cleaned(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return {key: value if key.startswith("_") else clean(value) for key, value in event.items()}
