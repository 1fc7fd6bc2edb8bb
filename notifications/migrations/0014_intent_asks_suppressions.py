"""The last word on an address is asked for in the very statement that lets its message leave: what was unsubscribed meanwhile stays."""

from importlib import import_module

from django.db import migrations

# A row that says no address (an older version of the program wrote it) is let through as before: its guards have asked.
FREE = """
      AND NOT EXISTS (SELECT 1 FROM notifications_suppression s WHERE s.merchant_id = p_merchant AND s.channel = coalesce(r.channel, 'email')
        AND s.address_hash = decode(r.address, 'hex') AND s.scope IN ('all', m.stream))
    RETURNING m.id, m.merchant_id, m.attempts"""
BEFORE = import_module("notifications.migrations.0005_turn").INTEND.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace("subject text)", "subject text, address text, channel text)").replace(
    "\n    RETURNING m.id, m.merchant_id, m.attempts", FREE
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_rests_and_rates")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
