"""Has any row changed? One statement over every tenant table, per merchant."""

from django.db import connection

from postpurchase.tenancy.scope import every_tenant
from tests.architecture.intruder.build import tenant_models

Sums = dict[tuple[str, str], str]
USERS = "SELECT 'tenancy_user', id::text, md5((email, name, password, is_active, is_staff, is_superuser)::text) FROM tenancy_user"
MERCHANTS = "SELECT 'tenancy_merchant', id::text, md5(t::text) FROM tenancy_merchant t"


def sums() -> Sums:
    """(table, owner) -> a digest of all of that owner's rows in it."""
    tables = [model._meta.db_table for model in tenant_models()]
    each = [
        f"SELECT '{table}', merchant_id::text, md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t GROUP BY merchant_id"
        for table in tables
    ]
    with every_tenant("test: compare all rows"), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*each, USERS, MERCHANTS]))
        return {(table, owner): digest for table, owner, digest in cursor.fetchall()}


def changed(before: Sums, after: Sums) -> set[tuple[str, str]]:
    """What is different, gone or new."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
