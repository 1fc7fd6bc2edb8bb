"""What a sender writes between two windows of messages, in one call: planning such statements takes several times as long as running them."""

from django.db import migrations

# All three run as their caller, so row level security holds. Of each row of a window one is found by its key: never by reading the table.
PLANS = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"

# The messages that are still ours to send: their tries are on record from here on, and their lease is fresh.
INTEND = f"""
CREATE FUNCTION notifications_intend(p_merchant uuid, p_token uuid, p_lease interval, p_rows jsonb) RETURNS uuid[]
LANGUAGE plpgsql SECURITY INVOKER {PLANS} AS $$
DECLARE
  won uuid[];
BEGIN
  WITH ours AS (
    UPDATE notifications_message m SET state = 'handing', handed_at = clock_timestamp(), lease_until = clock_timestamp() + p_lease,
      attempts = attempts + 1, reason = '', error = '', subject = r.subject
    FROM jsonb_to_recordset(p_rows) AS r (id uuid, attempt uuid, subject text)
    WHERE m.merchant_id = p_merchant AND m.id = r.id AND m.state = 'claimed' AND m.lease_token = p_token
      AND m.lease_until > clock_timestamp()
    RETURNING m.id, m.merchant_id, m.attempts, m.lease_token, r.attempt),
  tried AS (
    INSERT INTO notifications_attempt (id, merchant_id, message_id, number, token, started_at, outcome, reply)
    SELECT attempt, merchant_id, id, attempts, lease_token, clock_timestamp(), 'handing', '' FROM ours)
  SELECT array_agg(id) INTO won FROM ours;
  RETURN coalesce(won, '{{}}');
END $$"""

# A rescue may have put a message in doubt meanwhile; the token says that this is still the same try.
TELL = f"""
CREATE FUNCTION notifications_tell(p_merchant uuid, p_token uuid, p_rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER {PLANS} AS $$
BEGIN
  WITH told AS (
    UPDATE notifications_message m SET state = r.state, sent_at = r.sent_at, provider_ref = r.ref, error = r.error, reason = r.reason,
      due_at = coalesce(r.due_at, m.due_at), lease_until = NULL
    FROM jsonb_to_recordset(p_rows) AS r (id uuid, state text, sent_at timestamptz, ref text, error text, reason text,
      due_at timestamptz, outcome text, reply text, decision uuid, verdict text, checks jsonb, now timestamptz, facts jsonb)
    WHERE m.merchant_id = p_merchant AND m.id = r.id AND m.lease_token = p_token AND m.state IN ('handing', 'unknown', 'claimed')
    RETURNING m.id, m.merchant_id, m.enrolment_id, m.node, m.attempts, r.outcome, r.reply, r.decision, r.verdict, r.reason,
      r.checks, r.now, r.facts),
  tried AS (
    UPDATE notifications_attempt a SET outcome = told.outcome, reply = told.reply, finished_at = clock_timestamp()
    FROM told WHERE a.merchant_id = told.merchant_id AND a.message_id = told.id AND a.number = told.attempts AND a.token = p_token),
  decided AS (
    INSERT INTO notifications_decision (id, merchant_id, enrolment_id, node, message_id, verdict, reason, checks, decided_at)
    SELECT decision, merchant_id, enrolment_id, node, id, verdict, reason, checks, now
    FROM told WHERE enrolment_id IS NOT NULL AND verdict <> ''
    ON CONFLICT (merchant_id, enrolment_id, node) DO NOTHING)
  INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
  SELECT (e ->> 'id')::uuid, told.merchant_id, e ->> 'kind', (e ->> 'subject')::uuid, (e ->> 'thread')::uuid, e -> 'payload', told.now, 0
  FROM told CROSS JOIN jsonb_array_elements(told.facts) e;
END $$"""

# A window holds messages of several merchants: each part is written in its merchant's scope, all of it in one transaction.
TURN = """
CREATE FUNCTION notifications_turn(p_token uuid, p_lease interval, p_work jsonb) RETURNS uuid[]
LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
  won uuid[] := '{}';
  part record;
BEGIN
  PERFORM set_config('role', 'none', true);
  FOR part IN SELECT * FROM jsonb_to_recordset(p_work) AS w (merchant uuid, told jsonb, intended jsonb) LOOP
    PERFORM set_config('app.merchant', part.merchant::text, true);
    IF jsonb_array_length(part.told) > 0 THEN
      PERFORM notifications_tell(part.merchant, p_token, part.told);
    END IF;
    IF jsonb_array_length(part.intended) > 0 THEN
      won := won || notifications_intend(part.merchant, p_token, p_lease, part.intended);
    END IF;
  END LOOP;
  RETURN won;
END $$"""
OLD = [
    "DROP FUNCTION notifications_intend(uuid, uuid, uuid, uuid, text)",
    "DROP FUNCTION notifications_tell(uuid, uuid, jsonb)",
]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_message_lists")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (*OLD, INTEND, TELL, TURN)]
