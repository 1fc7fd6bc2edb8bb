"""New orders and what they make true in one call: every question and answer between two processes costs more than the rows."""

from django.db import migrations

TELL = """
CREATE FUNCTION orders_place_and_tell(
  p_merchant uuid, p_connection uuid, p_now timestamptz, p_orders jsonb, p_people jsonb, p_lines jsonb, p_refunds jsonb, p_facts jsonb
) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
  placed uuid[] := ARRAY(SELECT orders_place(p_merchant, p_connection, p_now, p_orders, p_people, p_lines, p_refunds));
BEGIN
  IF cardinality(placed) > 0 THEN
    PERFORM events_publish(p_merchant, p_now,
      (SELECT jsonb_agg(fact) FROM jsonb_array_elements(p_facts) AS fact WHERE (fact ->> 'thread')::uuid = ANY (placed)));
  END IF;
  RETURN QUERY SELECT unnest(placed);
END $$"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_plan_once"), ("events", "0002_publish")]
    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION orders_place_and_tell(uuid, uuid, timestamptz, jsonb, jsonb, jsonb, jsonb, jsonb)")
    ]
