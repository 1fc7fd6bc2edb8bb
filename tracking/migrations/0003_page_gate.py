"""The gate to tracking pages: whose order is this, and which version of its page is the newest?

xmin is the transaction that wrote the row as it stands: no writer has to remember to count a version up.
"""

from django.conf import settings
from django.db import migrations

from postpurchase.tenancy.security import gate_sql

GATE = gate_sql(
    "gate_tracking_page(uuid)",
    "TABLE (merchant_id uuid, version text)",
    "SELECT o.merchant_id, concat_ws('.', o.xmin,"
    " (SELECT string_agg(b.xmin::text, '.' ORDER BY b.id) FROM public.tenancy_brand b WHERE b.merchant_id = o.merchant_id),"
    " (SELECT string_agg(s.xmin::text, '.' ORDER BY s.id) FROM public.tracking_shipment s"
    "   WHERE s.merchant_id = o.merchant_id AND s.order_id = o.id))"
    " FROM public.orders_order o JOIN public.tenancy_merchant m ON m.id = o.merchant_id AND m.closed_at IS NULL WHERE o.id = $1",
    roles=(settings.APP_ROLE, settings.PLATFORM_ROLE),
)


class Migration(migrations.Migration):
    dependencies = [("tracking", "0002_lookups"), ("orders", "0006_plan_once"), ("tenancy", "0003_brand_guides")]
    operations = [migrations.RunSQL(GATE, "DROP FUNCTION gate_tracking_page(uuid)")]
