"""The database is made and migrated by its owner; every test runs as the application's role, which row level security binds."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from integrations.models import Connection
from postpurchase.jobs import eager
from postpurchase.tenancy.models import Brand, Merchant, Role
from postpurchase.tenancy.scope import in_merchant
from tests.people import open_shop, signed_in
from tests.webhooks.receiver import Receiver

OWNER, APP = settings.DATABASE_OWNER, dict(settings.DATABASES["default"])


def connect_as(role: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict.update({key: role[key] for key in ("USER", "PASSWORD")})


LONG = {"db", "transactional_db", "browser"}  # fixtures


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Tests that need neither a database nor a browser come last: their files are short, so that neither of two processes waits long."""
    items.sort(key=lambda item: item.get_closest_marker("django_db") is None and LONG.isdisjoint(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    connection.settings_dict["CONN_MAX_AGE"] = 0
    connect_as(OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:  # TransactionTestCase empties tables by TRUNCATE; nothing else may
            cursor.execute("ALTER TABLE tenancy_auditentry DISABLE TRIGGER audit_keeps_all")
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {settings.APP_ROLE}")
        connect_as(APP)
        yield
        connect_as(OWNER)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ann(db: None) -> Merchant:
    return open_shop("ann")


@pytest.fixture
def bob(db: None) -> Merchant:
    return open_shop("bob")


@pytest.fixture
def admin(ann: Merchant) -> Client:
    return signed_in(ann, Role.ADMIN)


@pytest.fixture
def in_ann(ann: Merchant) -> Iterator[Merchant]:
    with in_merchant(ann):
        yield ann


@pytest.fixture
def ann_brand(in_ann: Merchant) -> Brand:
    return Brand.objects.get()


@pytest.fixture
def ann_api(in_ann: Merchant) -> Connection:
    return Connection.objects.get(kind=Connection.API)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A server that the settings list: the explicit allowance for private addresses and plain HTTP."""
    made = Receiver()
    made.start()
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    yield made
    made.stop()


@pytest.fixture
def settled(django_capture_on_commit_callbacks: Any) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """`with settled(): ...` then everything that the block set off has been done: commits, relays, handlers, sends."""

    @contextlib.contextmanager
    def settle() -> Iterator[None]:
        with eager.collected() as waiting:
            with django_capture_on_commit_callbacks(execute=True):
                yield
            while waiting:
                with django_capture_on_commit_callbacks(execute=True):
                    task, args = waiting.pop(0)
                    task(*args)

    return settle
