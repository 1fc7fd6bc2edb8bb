-- Messages that were not sent, were sent without an attempt, or without a decision.
SELECT count(*) FILTER (WHERE m.state <> 'sent'), count(*) FILTER (WHERE a.outcome IS DISTINCT FROM 'sent'),
  count(*) FILTER (WHERE d.verdict IS DISTINCT FROM 'send')
FROM notifications_message m
LEFT JOIN notifications_attempt a ON a.message_id = m.id
LEFT JOIN notifications_decision d ON d.message_id = m.id
WHERE m.dedupe_key LIKE 'bench:%'
