"""What a sender writes for each message, as functions: planning their statements takes several times as long as running them."""

from django.db import migrations

# Both run as their caller, so row level security holds. False: the lease is no longer ours.
INTEND = """
CREATE FUNCTION notifications_intend(p_merchant uuid, p_message uuid, p_token uuid, p_attempt uuid, p_subject text)
RETURNS boolean LANGUAGE plpgsql SECURITY INVOKER
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  WITH won AS (
    UPDATE notifications_message SET state = 'handing', handed_at = clock_timestamp(), attempts = attempts + 1, reason = '', error = '',
      subject = p_subject
    WHERE merchant_id = p_merchant AND id = p_message AND state = 'claimed' AND lease_token = p_token AND lease_until > clock_timestamp()
    RETURNING id, merchant_id, attempts, lease_token)
  INSERT INTO notifications_attempt (id, merchant_id, message_id, number, token, started_at, outcome, reply)
  SELECT p_attempt, merchant_id, id, attempts, lease_token, clock_timestamp(), 'handing', '' FROM won;
  RETURN FOUND;
END $$"""
# A rescue may have put the message in doubt meanwhile; the token says that this is still the same try.
TELL = """
CREATE FUNCTION notifications_tell(p_merchant uuid, p_token uuid, p_outcome jsonb) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  r record;
BEGIN
  SELECT * INTO r FROM jsonb_to_record(p_outcome) AS o (id uuid, state text, sent_at timestamptz, ref text, error text, reason text,
    due_at timestamptz, outcome text, reply text, decision uuid, verdict text, checks jsonb, now timestamptz, facts jsonb);
  WITH told AS (
    UPDATE notifications_message SET state = r.state, sent_at = r.sent_at, provider_ref = r.ref, error = r.error, reason = r.reason,
      due_at = coalesce(r.due_at, due_at), lease_until = NULL
    WHERE merchant_id = p_merchant AND id = r.id AND lease_token = p_token AND state IN ('handing', 'unknown', 'claimed')
    RETURNING id, merchant_id, enrolment_id, node, attempts),
  tried AS (
    UPDATE notifications_attempt a SET outcome = r.outcome, reply = r.reply, finished_at = clock_timestamp()
    FROM told WHERE a.merchant_id = told.merchant_id AND a.message_id = told.id AND a.number = told.attempts AND a.token = p_token),
  decided AS (
    INSERT INTO notifications_decision (id, merchant_id, enrolment_id, node, message_id, verdict, reason, checks, decided_at)
    SELECT r.decision, merchant_id, enrolment_id, node, id, r.verdict, r.reason, r.checks, r.now
    FROM told WHERE enrolment_id IS NOT NULL AND r.verdict <> ''
    ON CONFLICT (merchant_id, enrolment_id, node) DO NOTHING)
  INSERT INTO events_domainevent (id, merchant_id, kind, subject, thread, payload, occurred_at, attempts)
  SELECT (e ->> 'id')::uuid, told.merchant_id, e ->> 'kind', (e ->> 'subject')::uuid, (e ->> 'thread')::uuid, e -> 'payload', r.now, 0
  FROM told CROSS JOIN jsonb_array_elements(r.facts) e;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_gate"), ("events", "0001_initial")]
    operations = [
        migrations.RunSQL(INTEND, "DROP FUNCTION notifications_intend(uuid, uuid, uuid, uuid, text)"),
        migrations.RunSQL(TELL, "DROP FUNCTION notifications_tell(uuid, uuid, jsonb)"),
    ]
