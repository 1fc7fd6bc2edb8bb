"""Customers, found by email: made by their orders, kept up to date by what the shop tells about them."""

import uuid
from collections.abc import Iterable, Sequence

from integrations.types import CustomerData, FieldError, Outcome, Recorded
from orders import check, compose
from orders.compose import PERSON
from postpurchase.lib import clock
from postpurchase.tenancy.statement import Row, as_json, execute, names, recordset

FIELDS = {"id": "uuid", **PERSON}
DETAILS = [name for name in PERSON if name != "email"]
CONFLICT = "ON CONFLICT (merchant_id, email) WHERE NOT email = ''"
FILL = f"{CONFLICT} DO UPDATE SET " + ", ".join(f"{name} = coalesce(nullif(c.{name}, ''), excluded.{name})" for name in DETAILS)
TOLD = {name: f"coalesce(nullif(excluded.{name}, ''), c.{name})" for name in DETAILS}
INSERT = f"""
INSERT INTO orders_customer AS c (id, merchant_id, created_at, {names(PERSON)})
SELECT r.id, %(merchant)s, %(now)s, {names(PERSON, "r.")} FROM {recordset("people", FIELDS)}"""
KNOW = f"{INSERT} ORDER BY r.email {FILL} RETURNING id, email"
UPDATE = f"""{INSERT} ORDER BY r.email {CONFLICT} DO UPDATE SET {", ".join(f"{name} = {value}" for name, value in TOLD.items())}
WHERE ({", ".join(f"c.{name}" for name in DETAILS)}) IS DISTINCT FROM ({", ".join(TOLD.values())})
RETURNING id, email, xmax = 0"""
FIND = "SELECT id, email FROM orders_customer WHERE merchant_id = %(merchant)s AND email = ANY(%(emails)s)"


def know(people: Iterable[Row]) -> dict[str, uuid.UUID]:
    """Email -> id of each, made where missing; details that we lack are filled in, none is overwritten."""
    rows = _by_email(people)
    found = execute(KNOW, people=as_json(rows), now=clock.business_now()) if rows else []
    return {email: row_id for row_id, email in found}


def record_customers(customers: Sequence[CustomerData], *, connection_id: uuid.UUID) -> list[Recorded]:
    """Upsert customers of the merchant in scope by email; what is told replaces what we held, what is left out stays.

    Returns a result per item, in the order given. A customer belongs to the merchant, whichever connection tells about it.
    Two of one email in a batch: the later one counts.
    """
    checked = [check.customer(customer) for customer in customers]
    rows = _by_email(compose.customer(read) for read, errors in checked if not errors)
    written: dict[str, tuple[uuid.UUID, Outcome]] = {}
    if rows:
        for row_id, email, is_new in execute(UPDATE, people=as_json(rows), now=clock.business_now()):
            written[email] = (row_id, Outcome.CREATED if is_new else Outcome.UPDATED)
    silent = [row["email"] for row in rows if row["email"] not in written]
    if silent:
        written |= {email: (row_id, Outcome.UNCHANGED) for row_id, email in execute(FIND, emails=silent)}
    return [_result(read, errors, written) for read, errors in checked]


def _by_email(people: Iterable[Row]) -> list[Row]:
    """One row an email (a statement cannot touch a row twice), the last one given."""
    return list({person["email"]: person for person in people}.values())


def _result(read: CustomerData, errors: list[FieldError], written: dict[str, tuple[uuid.UUID, Outcome]]) -> Recorded:
    if errors:
        return Recorded(Outcome.REFUSED, external_id=str(read.external_id), errors=errors)
    row_id, outcome = written[read.email.lower()]
    return Recorded(outcome, external_id=read.external_id, id=row_id)
