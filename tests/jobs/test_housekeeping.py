"""What the ground tidies up behind itself."""

from datetime import timedelta

import pytest

from postpurchase.jobs.tasks import forget_rate_counts
from postpurchase.lib import clock
from postpurchase.tenancy.models import RateCount


@pytest.mark.django_db
def test_windows_that_are_over_are_forgotten_and_open_ones_stay() -> None:
    now = clock.machine_now()
    RateCount.objects.create(key=b"over", until=now - timedelta(seconds=1))
    RateCount.objects.create(key=b"open", until=now + timedelta(hours=1))

    forget_rate_counts()

    assert [bytes(key) for key in RateCount.objects.values_list("key", flat=True)] == [b"open"]
