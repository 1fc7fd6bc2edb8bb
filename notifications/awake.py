"""Enrolments whose waiting is over go on: found fairly over merchants, moved a portion a transaction."""

from uuid import UUID

from django.db import connection

from notifications import flows
from notifications.lanes import earliest
from notifications.models import Enrolment
from postpurchase.lib import clock
from postpurchase.tenancy.scope import every_tenant, in_merchant

PORTION = 200

EARLIEST = earliest("notifications_enrolment", "wake_at", "t.state = 'active' AND t.wake_at IS NOT NULL")
WAITING = f"{EARLIEST} SELECT merchant_id FROM lanes WHERE wake_at <= %s"


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
