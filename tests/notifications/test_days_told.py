"""The days that a message names are those of the parcel's own page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from notifications import cases, placeholders
from notifications.models import Message
from tests.notifications.conftest import NOW
from tracking.models import Shipment

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def day(after: int) -> date:
    return TODAY + timedelta(days=after)


@pytest.mark.parametrize(
    ("known", "now_said", "before", "missed"),
    [
        ({"estimate_on": day(1), "estimate_earliest_on": day(-1)}, "today or tomorrow", "", False),
        ({"estimate_on": day(3), "estimate_earliest_on": day(1)}, "between tomorrow and Thu 26 Nov", "", False),
        ({"estimate_on": day(3), "first_estimate_on": day(-1)}, "Thu 26 Nov", "yesterday", False),
        ({"estimate_on": day(3), "first_estimate_on": day(-3), "promised_on": day(-1)}, "Thu 26 Nov", "yesterday", True),
        ({"estimate_on": day(3), "first_estimate_on": day(-3), "promised_on": day(3)}, "Thu 26 Nov", "", False),
        ({"estimate_on": day(-1), "first_estimate_on": day(-1)}, "", "", False),
        ({"estimate_on": day(-1), "first_estimate_on": day(-1), "promised_on": day(1)}, "tomorrow", "", False),
    ],
)
def test_a_message_names_the_days_that_hold_and_what_was_said_before(
    known: dict[str, date], now_said: str, before: str, missed: bool, message: Callable[..., Message], parcel: Shipment
) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(**known)
    [case] = cases.load([message("delayed")])

    with translation.override("en"), timezone.override(case.brand.time_zone):
        told = placeholders.context(case)

    assert (told["promise_text"], told["promised_text"], told["promise_missed"]) == (now_said, before, missed)
