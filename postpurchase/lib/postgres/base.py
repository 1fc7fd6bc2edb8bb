"""Django's PostgreSQL, but a transaction begins with its first statement: BEGIN, and what is to come first, travel in one message with it.

A question and its answer between two processes cost more than most statements. DATABASES names this package as ENGINE.
"""

from typing import Any

import psycopg2.extensions  # type: ignore[import-untyped]
from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from postpurchase.lib import ids

BEGIN = "BEGIN;"
UUID_TYPES = 2950, 2951  # of one, and of an array (pg_type.oid)


def _read_uuid(text: str | None, cursor: Any) -> Any:
    return None if text is None else ids.as_written(text)


def _register() -> None:
    """Ids are most of what is read, and psycopg2's own way takes three times as long."""
    one = psycopg2.extensions.new_type(UUID_TYPES[:1], "UUID", _read_uuid)
    psycopg2.extensions.register_type(one)
    psycopg2.extensions.register_type(psycopg2.extensions.new_array_type(UUID_TYPES[1:], "UUID[]", one))


_register()  # after Django's import, which registers psycopg2's


class Connection(psycopg2.extensions.connection):
    """psycopg2 would send BEGIN by itself, so here it always thinks itself in autocommit. `autocommit` means what Django set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        psycopg2.extensions.connection.autocommit.__set__(self, True)
        self._manual, self._lone = False, False
        self._begin, self._first = "", ""  # what the next statement brings along

    @property
    def autocommit(self) -> bool:
        """Whether every statement is a transaction of its own."""
        return not self._manual

    @autocommit.setter
    def autocommit(self, wanted: bool) -> None:
        """What Django wants from now on."""
        self._manual = not wanted
        self._arm()

    def commit(self) -> None:
        """End the transaction, if a statement began it."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Take it back, if a statement began it."""
        self._end("ROLLBACK")

    def bring(self, sql: str) -> bool:
        """Have the transaction's first statement bring `sql` along, ahead of itself; False if that one has been sent."""
        if self._begin:
            self._first = f"{sql};"
        return bool(self._begin)

    def let_next_commit(self) -> None:
        """Make the next statement a transaction of its own, with what bring() was given, if none has begun yet."""
        self._lone = bool(self._begin)

    def taken_along(self) -> str:
        """What goes ahead of the statement that is now sent."""
        if self._lone:
            self._lone = False
            return self._first  # one message without BEGIN is one transaction (PostgreSQL 53.2.2.1); the next statement begins ours
        found = self._begin + self._first
        self._begin = self._first = ""
        return found

    def _end(self, how: str) -> None:
        if self.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            with self.cursor() as cursor:
                cursor.send(how)
        self._arm()

    def _arm(self) -> None:
        self._begin, self._first, self._lone = BEGIN if self._manual else "", "", False


class Cursor(psycopg2.extensions.cursor):
    """Sends what the connection wants to go first."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        """One statement, behind the transaction's beginning if it is the first."""
        first = self.connection.taken_along()
        if first:
            query = first + (query if isinstance(query, str) else query.as_string(self))
        super().execute(query, vars)

    def send(self, query: str) -> None:
        """A statement as it is."""
        super().execute(query)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """As psycopg2 does it, in a transaction that has begun."""
        self._begin_now()
        super().executemany(query, vars_list)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        """As psycopg2 does it, in a transaction that has begun."""
        self._begin_now()
        super().copy_expert(*args, **kwargs)

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        """As psycopg2 does it, in a transaction that has begun."""
        self._begin_now()
        return super().callproc(*args, **kwargs)

    def _begin_now(self) -> None:
        first = self.connection.taken_along()
        if first:
            self.send(first)


class DatabaseWrapper(base.DatabaseWrapper):
    """Makes such connections."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, with our classes."""
        found: dict[str, Any] = super().get_connection_params()
        return found | {"connection_factory": Connection, "cursor_factory": Cursor}
