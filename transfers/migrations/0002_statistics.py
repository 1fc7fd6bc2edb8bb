"""The platform role may have tables counted (ANALYZE): a large import into an empty table is planned for an empty table until then.

The right exists since PostgreSQL 17; on an older one ANALYZE warns and leaves it to autovacuum.
"""

from django.conf import settings
from django.db import migrations

TABLES = "orders_customer, orders_order, orders_line, tracking_shipment, tracking_leg, tracking_scan, events_domainevent"
GRANT = f"""
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 170000 THEN
    EXECUTE 'GRANT MAINTAIN ON {TABLES} TO {settings.PLATFORM_ROLE}';
  END IF;
END $$"""
REVOKE = GRANT.replace("GRANT MAINTAIN", "REVOKE MAINTAIN").replace(" TO ", " FROM ")


class Migration(migrations.Migration):
    dependencies = [("transfers", "0001_initial"), ("orders", "0007_place_and_tell"), ("tracking", "0001_initial"), ("events", "0001_initial")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
