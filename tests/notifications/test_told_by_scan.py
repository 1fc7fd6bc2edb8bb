"""What messages say that only the newest scan tells: where a parcel waits and until when, what shows that it was delivered."""

from typing import Any

import pytest

from notifications.cases import load
from notifications.render import render
from tests.notifications.conftest import NOW
from tracking.models import Shipment, Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def said(parcel: Shipment, template: Any, status: Status, **extra: Any) -> str:
    """The text of the message after such a scan."""
    parcel.scans.create(fingerprint=b"1", occurred_at=NOW, carrier="dhl", city="Ulm", status=status, extra=extra)
    return " ".join(render(load([template])[0]).text.split())


def test_the_last_call_says_where_a_parcel_waits_and_until_when(parcel: Shipment, message: Any) -> None:
    told = said(parcel, message("collect_last", locale="en"), Status.AVAILABLE_FOR_PICKUP, collect_until="2026-11-28")

    assert "It waits for you in Ulm." in told
    assert "The last day to collect it: Sat 28 Nov. Then it goes back to us." in told
    assert load([message("shipped")])[0].pickup == ""


def test_a_day_that_is_none_is_not_said(parcel: Shipment, message: Any) -> None:
    told = said(parcel, message("collect_last", locale="en"), Status.AVAILABLE_FOR_PICKUP, collect_until="soon")

    assert "These are the last days before it goes back to us." in told and "The last day" not in told


@pytest.mark.parametrize(
    ("extra", "signed_by", "wanted"),
    [
        ({"photos": ["https://a.se/1"]}, "", "The carrier took a photo of it."),
        ({"signatures": ["https://a.se/1"]}, "", "The carrier has a signature."),
        ({"photos": ["https://a.se/1"]}, "A. <Berg>", "Signed for by A. <Berg>."),
    ],
)
def test_a_delivery_says_what_shows_it(parcel: Shipment, message: Any, extra: Any, signed_by: str, wanted: str) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(signed_by=signed_by, delivered_at=NOW, substatus="signed")

    told = said(parcel, message("delivered", locale="en"), Status.DELIVERED, **extra)

    assert f"{wanted} Not there?" in told
    assert ("signed for" in told) == (not signed_by)
