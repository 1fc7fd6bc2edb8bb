"""The gate of invitations; what membership asks of owners; the table of tries; addresses of those who are here already."""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

A, P = settings.APP_ROLE, settings.PLATFORM_ROLE

OLD_MEMBERSHIP = gate_sql(
    "gate_membership(bigint, text)",
    "TABLE (merchant_id uuid, id uuid, role text)",
    "SELECT m.id, s.id, s.role::text FROM public.tenancy_merchant m JOIN public.tenancy_membership s ON s.merchant_id = m.id"
    " WHERE s.user_id = $1 AND m.slug = $2 AND m.closed_at IS NULL",
    roles=(A, P),
)
MEMBERSHIP = gate_sql(
    "gate_membership(bigint, text)",
    "TABLE (merchant_id uuid, id uuid, role text, needs_factor boolean)",
    "SELECT m.id, s.id, s.role::text, s.role = 'owner' AND m.two_factor_for_owners AND NOT EXISTS"
    " (SELECT FROM public.mfa_authenticator a WHERE a.user_id = $1 AND a.type IN ('totp', 'webauthn'))"
    " FROM public.tenancy_merchant m JOIN public.tenancy_membership s ON s.merchant_id = m.id"
    " WHERE s.user_id = $1 AND m.slug = $2 AND m.closed_at IS NULL",
    roles=(A, P),
)
INVITATION = gate_sql(
    "gate_invitation(uuid)",
    "TABLE (merchant_id uuid)",
    "SELECT i.merchant_id FROM public.tenancy_invitation i JOIN public.tenancy_merchant m ON m.id = i.merchant_id"
    " WHERE i.id = $1 AND m.closed_at IS NULL",
    roles=(A, P),
)
DROP = "DROP FUNCTION gate_membership(bigint, text);"
# Django's DatabaseCache: counts of tries and codes that were used.
ATTEMPTS = """
CREATE TABLE tenancy_attempts (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX tenancy_attempts_by_end ON tenancy_attempts (expires);"""
# Whoever is here already was added by hand.
CONFIRMED = """
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT u.id, u.email, true, true FROM tenancy_user u WHERE NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = u.id)"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0004_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.RunSQL(DROP + MEMBERSHIP + INVITATION, DROP + "DROP FUNCTION gate_invitation(uuid);" + OLD_MEMBERSHIP),
        migrations.RunSQL(ATTEMPTS, "DROP TABLE tenancy_attempts"),
        migrations.RunSQL(CONFIRMED, migrations.RunSQL.noop),
    ]
