"""Are messages leaving?"""

from datetime import timedelta

from django.db import connection

from integrations.senders.base import Result
from notifications import claim
from notifications.models import Attempt, Message, State
from postpurchase.lib import clock
from postpurchase.lib.gauges import Gauge
from postpurchase.lib.ids import first_of
from postpurchase.tenancy.scope import every_tenant

LATE = 120.0  # seconds
SPAN = timedelta(minutes=5)  # over which the rate is taken

OVERDUE = f"""{claim.EARLIEST}
SELECT count(*) FROM lanes JOIN notifications_message m ON m.state = 'due' AND m.merchant_id = lanes.merchant_id AND m.due_at <= %s
WHERE lanes.due_at <= %s"""


def gauges() -> list[Gauge]:
    """Of all merchants. Reads the indexes of what is due and of what is in doubt, and the last minutes' tries."""
    now, age = clock.business_now(), claim.longest_wait()
    with every_tenant("monitoring: messages due, in doubt and sent"):
        with connection.cursor() as cursor:
            cursor.execute(OVERDUE, [now, now])
            overdue = cursor.fetchone()[0]
        doubtful = Message.objects.filter(state=State.UNKNOWN).count()
        tries = Attempt.objects.filter(pk__gte=first_of(clock.machine_now() - SPAN))
        sent, later = (tries.filter(outcome=outcome).count() for outcome in (Result.SENT, Result.LATER))
    rate = SPAN.total_seconds()
    return [
        Gauge("messages_due", "Messages that are due and have not left", overdue),
        Gauge("messages_due_age_seconds", "How late the message is that is due longest", age, LATE),
        Gauge("messages_in_doubt", "Messages of which nobody knows whether they arrived; merchants decide", doubtful),
        Gauge("messages_sent_per_second", "Messages that mail servers took, over the last five minutes", sent / rate),
        Gauge("messages_put_off_per_second", "Tries that mail servers put off, over the last five minutes", later / rate),
    ]
