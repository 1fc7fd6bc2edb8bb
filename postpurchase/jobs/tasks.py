"""Housekeeping of the ground itself."""

from datetime import timedelta

from postpurchase.jobs.queues import BULK
from postpurchase.jobs.task import every
from postpurchase.lib import clock
from postpurchase.tenancy.models import RateCount


@every(timedelta(hours=1), queue=BULK)
def forget_rate_counts() -> None:
    """Windows that are over count nothing any more."""
    RateCount.objects.filter(until__lt=clock.machine_now()).delete()
