"""The gate to connections: which merchant does this id belong to?"""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

GATE = gate_sql(
    "gate_connection(uuid)",
    "uuid",
    "SELECT merchant_id FROM public.integrations_connection WHERE id = $1",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial")]
    operations = [migrations.RunSQL(GATE, "DROP FUNCTION gate_connection(uuid)")]
