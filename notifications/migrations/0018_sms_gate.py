"""The gate to what providers of texts post: whose account is this, and what does it sign with?"""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

GATE = gate_sql(
    "gate_sms(uuid)",
    "TABLE (merchant_id uuid, token bytea)",
    "SELECT merchant_id, token_sealed FROM public.notifications_smsaccount WHERE id = $1",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0017_texts_by_number")]
    operations = [migrations.RunSQL(GATE, "DROP FUNCTION gate_sms(uuid)")]
