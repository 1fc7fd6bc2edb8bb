"""Do letters leave?"""

from django.db.models import Count, Min

from postpurchase.lib import clock
from postpurchase.lib.gauges import Gauge
from postpurchase.post.models import Letter

LATE = 300.0  # seconds


def gauges() -> list[Gauge]:
    """Reads the index of letters that are due."""
    now = clock.machine_now()
    found = Letter.objects.filter(sealed__isnull=False).aggregate(count=Count("id"), oldest=Min("made_at"))
    age = max(0.0, (now - found["oldest"]).total_seconds()) if found["oldest"] else 0.0
    return [
        Gauge("letters_waiting", "Mails to people with an account that have not left", found["count"]),
        Gauge("letters_oldest_seconds", "Age of the one that waits longest", age, LATE),
    ]
