"""The function that writes facts: planning its statement takes longer than running it for a few."""

from django.db import migrations

# It runs as its caller, so row level security holds.
PUBLISH = """
CREATE FUNCTION events_publish(p_merchant uuid, p_now timestamptz, p_facts jsonb) RETURNS void LANGUAGE plpgsql SECURITY INVOKER
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
  SELECT id, p_merchant, kind, subject, thread, payload, p_now, 0
  FROM jsonb_to_recordset(p_facts) AS r (id uuid, kind text, subject uuid, thread uuid, payload jsonb);
END $$"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(PUBLISH, "DROP FUNCTION events_publish(uuid, timestamptz, jsonb)")]
