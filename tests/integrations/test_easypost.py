"""EasyPost: real signatures, one scan per tracking detail, the expected day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations import registry
from integrations.carriers.easypost.adapter import EasyPost
from integrations.registry import Unreadable
from integrations.types import EstimateData, PlaceData, ScanData

adapter = EasyPost()
BODY = b'{"id":"evt_7","description":"tracker.updated"}'
# openssl dgst -sha256 -mac HMAC, with the secret "clé secrète" in NFKD (its accents as combining characters)
SIGNATURE = "hmac-sha256-hex=0a1fe0a42949453e5f123bd990f4265320151acd62a3bae43d99b0c9dbad6c96"


def event(**changes: Any) -> dict[str, Any]:
    detail = {
        "status": "in_transit",
        "status_detail": "departed_facility",
        "datetime": "2026-03-02T18:50:00Z",
        "message": "Departed",
        "carrier_code": "DP",
        "tracking_location": {"city": "Malmö", "state": None, "country": "SE", "zip": "21120"},
    }
    result = {"tracking_code": "ab 12 cd", "carrier": "DHLExpress", "updated_at": "2026-03-02T19:00:00Z", "tracking_details": [detail]}
    return {"id": "evt_9", "description": "tracker.updated", "result": result | changes}


def test_the_adapter_is_registered() -> None:
    assert registry.adapter("easypost").name == "EasyPost"


def test_a_signature_over_the_raw_bytes_is_accepted_with_either_form_of_the_secret() -> None:
    assert adapter.verify(["clé secrète"], {"x-hmac-signature": SIGNATURE}, BODY)
    assert adapter.verify(["other", "cle\u0301 secre\u0300te"], {"x-hmac-signature": SIGNATURE}, BODY)


@pytest.mark.parametrize("given", ["", SIGNATURE[:-1], SIGNATURE.removeprefix("hmac-sha256-hex="), SIGNATURE.upper(), "ü"])
def test_any_other_signature_is_refused(given: str) -> None:
    assert not adapter.verify(["clé secrète"], {"x-hmac-signature": given}, BODY)


def test_a_changed_byte_is_refused() -> None:
    assert not adapter.verify(["clé secrète"], {"x-hmac-signature": SIGNATURE}, BODY + b" ")


def test_without_secrets_nothing_is_accepted() -> None:
    assert not adapter.verify([], {"x-hmac-signature": SIGNATURE}, BODY)


def test_a_delivery_is_named_by_its_event_and_else_by_its_bytes() -> None:
    assert adapter.delivery_id({}, BODY) == "evt_7"
    assert adapter.delivery_id({}, b"not json") == "7ccfa1fbf3940e6f0c0375d87c0f9235a50514e14cb427bdfaf5077987b26ccf"
    assert adapter.topic({}, BODY) == "tracker.updated"
    assert adapter.topic({}, b"[]") == ""


def test_a_tracking_detail_becomes_a_scan() -> None:
    assert adapter.read("tracker.updated", event()) == [
        ScanData(
            carrier="dhl_express",
            number="AB12CD",
            occurred_at=datetime(2026, 3, 2, 18, 50, tzinfo=UTC),
            code="in_transit/departed_facility/DP",
            text="Departed",
            place=PlaceData(city="Malmö", postcode="21120", country="SE"),
            source="easypost",
        )
    ]


def test_a_time_without_an_offset_stays_the_clock_on_the_wall() -> None:
    body = event(tracking_details=[{"status": "delivered", "datetime": "2026-03-02T18:50:00", "message": "Delivered"}], signed_by="KIM")

    (scan,) = adapter.read("tracker.updated", body) or []

    assert isinstance(scan, ScanData)
    assert (scan.occurred_at, scan.local_time) == (None, datetime(2026, 3, 2, 18, 50))  # noqa: DTZ001
    assert (scan.signed_by, scan.code) == ("KIM", "delivered/unknown")


def test_one_odd_field_does_not_cost_the_history_around_it() -> None:
    odd = {"status": "in_transit", "datetime": "2026-03-02T18:50:00Z", "message": 5, "tracking_location": {"zip": 10014, "city": []}}
    body = event(tracking_details=[odd, {"status": "delivered", "datetime": ""}, {"status": "delivered", "datetime": "soon"}])

    (scan,) = adapter.read("tracker.updated", body) or []

    assert isinstance(scan, ScanData)
    assert (scan.code, scan.text, scan.place.postcode, scan.place.city) == ("in_transit/unknown", "5", "10014", "")


def test_the_carriers_local_date_wins_over_the_expected_time() -> None:
    body = event(tracking_details=None, est_delivery_date="2026-03-06T00:00:00Z", carrier_detail={"est_delivery_date_local": "2026-03-05"})

    assert adapter.read("tracker.created", body) == [
        EstimateData(expected_on=date(2026, 3, 5), carrier="dhl_express", number="AB12CD", told_at=datetime(2026, 3, 2, 19, 0, tzinfo=UTC))
    ]


def test_topics_we_do_not_read_are_none() -> None:
    assert adapter.read("batch.updated", {}) is None


@pytest.mark.parametrize("payload", [None, [], {}, {"result": None}, {"result": {"tracking_code": ""}}, {"result": {"tracking_code": 7}}])
def test_a_body_that_is_no_tracker_is_unreadable(payload: Any) -> None:
    with pytest.raises(Unreadable, match="result is not a tracker"):
        adapter.read("tracker.updated", payload)
