"""Enrolments whose waiting is over go on: found fairly over merchants, moved a portion a transaction."""

from uuid import UUID

from django.db import connection

from notifications import flows
from notifications.models import Enrolment
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

PORTION = 200

# A loose index scan over enrolment_to_wake: one probe a merchant, however many wait.
WAITING = """
WITH RECURSIVE lanes AS (
  (SELECT merchant_id, wake_at FROM notifications_enrolment
   WHERE state = 'active' AND wake_at IS NOT NULL ORDER BY merchant_id, wake_at LIMIT 1)
  UNION ALL
  SELECT next.merchant_id, next.wake_at FROM lanes CROSS JOIN LATERAL (
    SELECT e.merchant_id, e.wake_at FROM notifications_enrolment e
    WHERE e.state = 'active' AND e.wake_at IS NOT NULL AND e.merchant_id > lanes.merchant_id ORDER BY e.merchant_id, e.wake_at LIMIT 1) next
)
SELECT merchant_id FROM lanes WHERE wake_at <= %s"""


def wake_due(most_rounds: int = 100) -> int:
    """Let those go on whose time has come, a portion of each merchant in turn. Returns how many went on."""
    woken = 0
    for _ in range(most_rounds):
        with every_tenant("flows: find merchants with steps that are due"), connection.cursor() as cursor:
            cursor.execute(WAITING, [clock.business_now()])
            merchants = [row[0] for row in cursor.fetchall()]
        taken = sum(wake_portion(merchant_id) for merchant_id in merchants)
        woken += taken
        if not taken:
            break
    return woken


def wake_portion(merchant_id: UUID) -> int:
    """One merchant's next portion, in one transaction; what another worker holds is left to it."""
    with in_merchant(merchant_id):
        due = Enrolment.objects.filter(state=Enrolment.ACTIVE, wake_at__lte=clock.business_now()).order_by("merchant_id", "wake_at")
        rows = list(due.select_related("order").select_for_update(skip_locked=True, of=("self",))[:PORTION])
        flows.go_on(rows, {})
    return len(rows)
