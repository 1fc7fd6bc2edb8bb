"""What ends a flow is asked for in the very statement that lets its message leave: a cancellation that has committed is not overtaken."""

from importlib import import_module

from django.db import migrations

# OFFSET 0 keeps to the index of an order's few facts: that of facts which wait for the relay may have a long queue behind it.
NOT_ENDED = """
      AND NOT (r.ends IS NOT NULL AND EXISTS (SELECT 1 FROM (
        SELECT e.kind, e.subject, e.relayed_at FROM events_domainevent e
        WHERE e.merchant_id = p_merchant AND e.thread = m.order_id OFFSET 0) AS told
        WHERE told.relayed_at IS NULL AND told.kind = ANY(r.ends)
          AND (m.shipment_id IS NULL OR told.subject = m.shipment_id OR told.kind NOT LIKE 'shipment.%')))
    RETURNING m.id, m.merchant_id, m.attempts"""
BEFORE = import_module("notifications.migrations.0014_intent_asks_suppressions").AFTER
AFTER = BEFORE.replace("channel text)", "channel text, ends text[])").replace("\n    RETURNING m.id, m.merchant_id, m.attempts", NOT_ENDED)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0024_designed_page"), ("events", "0003_drop_double_indexes")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
