"""The gate to messages: which merchant does this id belong to?"""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

GATE = gate_sql(
    "gate_message(uuid)",
    "uuid",
    "SELECT merchant_id FROM public.notifications_message WHERE id = $1",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunSQL(GATE, "DROP FUNCTION gate_message(uuid)")]
