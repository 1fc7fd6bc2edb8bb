"""Grants, and the gates to memberships and keys. ALTER DEFAULT PRIVILEGES is per database, so each test database gets it too."""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

A, P = settings.APP_ROLE, settings.PLATFORM_ROLE

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {A}, {P};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {A}, {P};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {A}, {P};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {A}, {P};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {A}, {P};
"""
API_KEY = gate_sql(
    "gate_api_key(bytea)",
    "TABLE (merchant_id uuid, id uuid, scopes text[], live boolean, stale boolean)",
    "SELECT k.merchant_id, k.id, k.scopes::text[], k.live, coalesce(k.last_used_at < now() - interval '1 hour', true)"
    " FROM public.tenancy_apikey k JOIN public.tenancy_merchant m ON m.id = k.merchant_id"
    " WHERE k.digest = $1 AND k.revoked_at IS NULL AND m.closed_at IS NULL",
    roles=(A, P),
)
MEMBERSHIP = gate_sql(
    "gate_membership(bigint, text)",
    "TABLE (merchant_id uuid, id uuid, role text)",
    "SELECT m.id, s.id, s.role::text FROM public.tenancy_merchant m JOIN public.tenancy_membership s ON s.merchant_id = m.id"
    " WHERE s.user_id = $1 AND m.slug = $2 AND m.closed_at IS NULL",
    roles=(A, P),
)
MERCHANTS_OF = gate_sql(
    "gate_merchants_of(bigint)",
    "TABLE (merchant_id uuid, slug text, name text)",
    "SELECT m.id, m.slug::text, m.name::text FROM public.tenancy_merchant m JOIN public.tenancy_membership s ON s.merchant_id = m.id"
    " WHERE s.user_id = $1 AND m.closed_at IS NULL ORDER BY m.name, m.id",
    roles=(A, P),
)
PORTAL_HOST = gate_sql(
    "gate_portal_host(text)",
    "TABLE (merchant_id uuid, id uuid)",
    "SELECT merchant_id, id FROM public.tenancy_brand WHERE portal_host = $1 ORDER BY id LIMIT 1",
    roles=(A, P),
)
UNDO = "DROP FUNCTION gate_api_key(bytea), gate_membership(bigint, text), gate_merchants_of(bigint), gate_portal_host(text)"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]
    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(API_KEY + MEMBERSHIP + MERCHANTS_OF + PORTAL_HOST, UNDO),
    ]
