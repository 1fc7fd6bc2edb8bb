"""The intruder makes thousands of refused requests on purpose: their log lines would bury a failure."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def silent_refusals() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    for logger in loggers:
        logger.disabled = True
    yield
    for logger in loggers:
        logger.disabled = False
