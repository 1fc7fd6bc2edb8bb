"""Whose data this code may touch. One statement sets it, for the length of one transaction, in Python and in PostgreSQL alike."""

import contextlib
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

SET_SCOPE = "SELECT set_config('role', %s, true), set_config('app.merchant', %s, true)"


class NoMerchant(RuntimeError):
    """Tenant rows were touched outside a scope."""


@dataclass(frozen=True)
class Scope:
    """Whose rows may be touched, and for every tenant the reason."""

    merchant_id: uuid.UUID | None  # None: every tenant
    why: str = ""


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """The scope this code runs in, or None."""
    return _scope.get()


def merchant_id() -> uuid.UUID | None:
    """The merchant in scope; the default of every TenantModel.merchant."""
    scope = _scope.get()
    return scope.merchant_id if scope else None


def demand(what: str) -> Scope:
    """The scope, or NoMerchant naming what was attempted."""
    scope = _scope.get()
    if scope is None:
        raise NoMerchant(f"{what} outside a scope: open one with in_merchant(merchant), or every_tenant('why')")
    return scope


@contextlib.contextmanager
def in_merchant(merchant: Any) -> Iterator[None]:
    """A transaction that sees and writes one merchant's rows only. Takes a Merchant, its id, or its id as text.

    Raises RuntimeError inside another merchant's scope.
    """
    given = getattr(merchant, "pk", merchant)
    wanted = given if isinstance(given, uuid.UUID) else uuid.UUID(str(given))
    inside = _scope.get()
    if inside and inside.merchant_id and inside.merchant_id != wanted:
        raise RuntimeError(f"already in merchant {inside.merchant_id}: finish that scope before entering {wanted}")
    with _enter(Scope(wanted)):
        yield


@contextlib.contextmanager
def every_tenant(why: str) -> Iterator[None]:
    """A transaction that sees all merchants' rows, as the platform role. Sweeps, commands and tests only; say why."""
    with _enter(Scope(None, why)):
        yield


@contextlib.contextmanager
def _enter(scope: Scope) -> Iterator[None]:
    outer, nested = _scope.get(), connection.in_atomic_block
    with transaction.atomic():  # an exception rolls back, and PostgreSQL then restores both settings by itself
        _tell_postgres(scope)
        token = _scope.set(scope)
        try:
            yield
        finally:
            _scope.reset(token)  # before COMMIT: on_commit callbacks run outside every scope
        if nested and not connection.needs_rollback:
            _tell_postgres(outer)  # the longer transaction goes on; a COMMIT would forget both by itself


def _tell_postgres(scope: Scope | None) -> None:
    """With the transaction's first statement, or by itself where that has been sent."""
    values = settings_of(scope)
    if not connection.connection.bring(SET_SCOPE % tuple(f"'{value}'" for value in values)):  # a role's name and a uuid: no quotes in them
        with connection.cursor() as cursor:
            cursor.execute(SET_SCOPE, values)


def let_next_commit() -> None:
    """The next statement is all that must stand or fall together: where it is the scope's first, it commits by itself, in one message.

    What follows in the scope is a transaction of its own. For doors that know what they call; an error after it takes nothing back.
    """
    connection.connection.let_next_commit()


def settings_of(scope: Scope | None) -> tuple[str, str]:
    """What SET_SCOPE takes: the role to act as ('none': the connection's own) and the merchant id or ''."""
    role = settings.PLATFORM_ROLE if scope and scope.merchant_id is None else "none"
    return role, str(scope.merchant_id) if scope and scope.merchant_id else ""
