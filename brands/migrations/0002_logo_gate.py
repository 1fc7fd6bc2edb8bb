"""Whose logo is it? Pages and mails show logos to anybody, before a merchant is known."""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

LOGO = gate_sql(
    "gate_logo(uuid)",
    "TABLE (merchant_id uuid)",
    "SELECT l.merchant_id FROM public.brands_logo l JOIN public.tenancy_merchant m ON m.id = l.merchant_id"
    " WHERE l.id = $1 AND m.closed_at IS NULL",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):
    dependencies = [("brands", "0001_suggestions"), ("tenancy", "0005_invitation_gates")]
    operations = [migrations.RunSQL(LOGO, "DROP FUNCTION gate_logo(uuid);")]
