"""The gate to connections tells what the inbound door needs to check a signature: one question instead of two and a scope.

The secrets are sealed: they open with DATA_KEYS only, and only for their own merchant. And deliveries by connection are found by the
unique key over merchant, connection and delivery id, so that an index of the connection alone is one more to write three times a webhook.
"""

import django.db.models.deletion
import postpurchase.tenancy.base
from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

ROLES = (settings.APP_ROLE, settings.PLATFORM_ROLE)
OLD = gate_sql("gate_connection(uuid)", "uuid", "SELECT merchant_id FROM public.integrations_connection WHERE id = $1", roles=ROLES)
NEW = gate_sql(
    "gate_inbound(uuid)",
    "TABLE (merchant_id uuid, id uuid, kind text, secret bytea, old_secret bytea, old_secret_until timestamptz)",
    "SELECT merchant_id, id, kind, secret_sealed, old_secret_sealed, old_secret_until FROM public.integrations_connection WHERE id = $1",
    roles=ROLES,
)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0003_idempotency")]
    operations = [
        migrations.RunSQL("DROP FUNCTION gate_connection(uuid);" + NEW, "DROP FUNCTION gate_inbound(uuid);" + OLD),
        migrations.AlterField(
            model_name="inbounddelivery",
            name="connection",
            field=postpurchase.tenancy.base.TenantForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="integrations.connection"
            ),
        ),
    ]
