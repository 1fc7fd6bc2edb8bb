"""The stage on which the intruder acts, and quiet around her."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from postpurchase.lib import clock
from tests.architecture.intruder.intruder import Stage, set_stage
from tests.architecture.intruder.shapes import AT


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's: one transaction a module, undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stage(db: None) -> Stage:
    """Set once a module: every question is undone by itself."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return set_stage()


@pytest.fixture(autouse=True)
def the_day_after() -> Iterator[None]:
    """The shops' rows are of one day; links that were sent then still open."""
    with clock.frozen(AT + timedelta(days=1)):
        yield


@pytest.fixture(autouse=True)
def providers_that_can_prove_themselves(settings: Any) -> None:
    """So that /mail/ is there, and refuses by itself."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": "post:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}


@pytest.fixture(autouse=True)
def silent_refusals() -> Iterator[None]:
    """She makes thousands of refused requests on purpose: their log lines would bury a failure."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security", "postpurchase.tenancy.request_log")]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    yield
    for logger in loggers:
        logger.setLevel(logging.NOTSET)
