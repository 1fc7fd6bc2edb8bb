"""The log takes entries and nothing else: two locks, grants for our roles and a trigger for everybody. Keys that end by time."""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

A, P = settings.APP_ROLE, settings.PLATFORM_ROLE

APPEND_ONLY = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON tenancy_auditentry FROM {A}, {P};
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege', HINT = 'add an entry that says what was wrong';
END $$;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON tenancy_auditentry FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON tenancy_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
FREE = f"""
DROP TRIGGER audit_keeps_rows ON tenancy_auditentry; DROP TRIGGER audit_keeps_all ON tenancy_auditentry;
DROP FUNCTION audit_is_append_only(); GRANT UPDATE, DELETE ON tenancy_auditentry TO {A}, {P};"""


def api_key(*, minutes: int, ends: str) -> str:
    """The gate of API keys. `stale` says that the last use was noted longer ago than so many minutes."""
    return gate_sql(
        "gate_api_key(bytea)",
        "TABLE (merchant_id uuid, id uuid, scopes text[], live boolean, stale boolean)",
        f"SELECT k.merchant_id, k.id, k.scopes::text[], k.live, coalesce(k.last_used_at < now() - interval '{minutes} minutes', true)"
        " FROM public.tenancy_apikey k JOIN public.tenancy_merchant m ON m.id = k.merchant_id"
        f" WHERE k.digest = $1 AND k.revoked_at IS NULL{ends} AND m.closed_at IS NULL",
        roles=(A, P),
    )


DROP = "DROP FUNCTION gate_api_key(bytea);"
ENDING = DROP + api_key(minutes=5, ends=" AND (k.ends_at IS NULL OR k.ends_at > now())")


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_audit_log_key_ends_usage")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, FREE),
        migrations.RunSQL(ENDING, DROP + api_key(minutes=60, ends="")),
    ]
