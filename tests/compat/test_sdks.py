"""The official clients of AfterShip and TrackingMore, unchanged but for the address, against our server."""

from datetime import timedelta
from typing import Any

from integrations.models import Connection
from integrations.types import PlaceData
from orders.intake import record_orders
from orders.models import Order
from postpurchase.events.models import DomainEvent
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.compat import sdks
from tests.factories import order_data, scan_data, shipment_data
from tracking.scans import record_scans
from tracking.shipments import record_shipments

Answers = dict[str, Any]
HALF_DAY = timedelta(hours=12)
REFUSED = {  # what AfterShip's client makes of each refusal: exception, code, meta code, HTTP status
    "create_again": ("BadRequestError", "TRACKING_ALREADY_EXIST", 4003, 400),
    "create_without_number": ("BadRequestError", "TRACKING_NUMBER_REQUIRED", 4007, 400),
    "create_undetected": ("BadRequestError", "BAD_COURIER", 4012, 400),
    "create_bad_country": ("BadRequestError", "VALUE_INVALID", 4008, 400),
    "create_reader": ("ForbiddenError", "REQUEST_NOT_ALLOWED", 403, 403),
    "get_stranger": ("NotFoundError", "TRACKING_DOES_NOT_EXIST", 4004, 404),
    "get_missing": ("NotFoundError", "TRACKING_DOES_NOT_EXIST", 4004, 404),
    "get_deleted": ("NotFoundError", "TRACKING_DOES_NOT_EXIST", 4004, 404),
    "update_stranger": ("NotFoundError", "TRACKING_DOES_NOT_EXIST", 4004, 404),
    "get_no_key": ("UnauthorizedError", "API_KEY_INVALID", 401, 401),
    "list_bad_tag": ("BadRequestError", "VALUE_INVALID", 4008, 400),
    "list_bad_cursor": ("BadRequestError", "VALUE_INVALID", 4008, 400),
    "retrack_active": ("BadRequestError", "INACTIVE_RETRACK_NOT_ALLOWED", 4013, 400),
    "complete_bad": ("BadRequestError", "VALUE_INVALID", 4008, 400),
    "predict_six": ("BadRequestError", "VALUE_INVALID", 4008, 400),
}
MORE_CODES = {  # the same for TrackingMore's, which hands over the answer as it is
    "more_create": 200,
    "more_create_again": 4101,
    "more_create_bad": 4130,
    "more_get_bad": 4130,
    "more_retrack_active": 4113,
    "more_retrack": 200,
    "more_delete": 200,
    "more_delete_again": 4102,
    "more_update_stranger": 4102,
    "more_awb": 404,
    "more_no_key": 401,
}


def key_of(merchant: Merchant, *scopes: str) -> str:
    with in_merchant(merchant):
        return keys.make(f"client {len(scopes)}", live=True, scopes=scopes or keys.SCOPES)[1]


def parcels_of_a_shop(merchant: Merchant) -> dict[str, str]:
    """A parcel on its way and one that came, both told by the shop itself."""
    now = clock.business_now().replace(microsecond=0)
    wall = (now - 2 * HALF_DAY).replace(tzinfo=None)
    with in_merchant(merchant):
        shop = Connection.objects.create(kind="shopify", label="Shop").pk
        record_orders([order_data(external_id="own", number="#1")], connection_id=shop)
        told = [shipment_data(number=number, order_external_id="own", external_id=number) for number in ("SEEN1", "OVER1")]
        seen, over = record_shipments(told, connection_id=shop)
        left = {"occurred_at": now - 3 * HALF_DAY, "substatus": "departed", "text": "Left"}
        leipzig = {"place": PlaceData(city="Leipzig", country="DE"), "substatus": "arrived_hub", "text": "Arrived", "code": "AA7"}
        scans = [
            scan_data(carrier="dhl", number="SEEN1", **left),
            scan_data(carrier="dhl", number="SEEN1", occurred_at=None, local_time=wall, **leipzig),
            scan_data(carrier="dhl", number="OVER1", occurred_at=now - HALF_DAY, status="delivered", text="Delivered"),
        ]
        record_scans(scans, connection_id=shop)
    return {"seen": to_public("shp", seen.id), "over": to_public("shp", over.id), "seen_number": "SEEN1", "wall": wall.isoformat()}


def test_the_official_clients_do_all_their_acts(ann: Merchant, bob: Merchant, live_server: Any) -> None:
    shop = parcels_of_a_shop(ann)

    given = {"url": live_server.url, "key": key_of(ann), "stranger": key_of(bob), "reader": key_of(ann, "shipments:read")}
    answers = sdks.call(**given, **shop)

    refusals = {name: (one["error"], one["code"], one["meta_code"], one["status"]) for name, one in answers.items() if "error" in one}
    assert refusals == REFUSED
    begins_and_goes_on(answers)
    shows_what_carriers_saw(answers, shop)
    finds(answers)
    ends(answers)
    knows_carriers_and_days(answers)
    speaks_trackingmore(answers)
    with in_merchant(ann):
        assert dict(Order.objects.values_list("external_id", "number")) == {"own": "#1", "shop-77": "#78", "#90": "#90"}
        assert DomainEvent.objects.filter(kind="order.placed").count() == 1  # the shop's own


def begins_and_goes_on(answers: Answers) -> None:
    made = answers["create"]["data"]
    wanted = {
        "tracking_number": "1Z5R89390357567127", "slug": "ups", "title": "Two lamps", "note": "Ring twice", "order_id": "shop-77",
        "order_number": "#77", "custom_fields": {"warehouse": "north"}, "shipment_tags": ["fragile"], "origin_country_region": "USA",
        "destination_country_region": "DEU", "destination_postal_code": "10119", "destination_city": "Berlin", "active": True,
        "tag": "Pending", "subtag": "Pending_001", "checkpoints": [], "source": "api",
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert (made["customers"][0]["email"], made["customers"][0]["name"]) == ("mia.berg@example.com", "Mia Berg")
    assert made["order_promised_delivery_date"]["promised_delivery_date"] == "2027-01-08"
    assert "/t/" in made["aftership_tracking_url"]
    assert answers["create"]["response_header"]["x-ratelimit-limit"] == ["1000"]
    assert answers["create_bad_country"]["message"].startswith("The value of destination_country_region is invalid")
    assert answers["create_detected"]["data"]["slug"] == "royal-mail"
    assert answers["create_once"]["data"]["id"] == answers["create_twice"]["data"]["id"]
    updated = answers["update"]["data"]
    assert (updated["title"], updated["note"], updated["order_number"]) == ("Three lamps", "Ring twice", "#78")
    assert (updated["destination_city"], updated["destination_postal_code"]) == ("Potsdam", "10119")


def shows_what_carriers_saw(answers: Answers, shop: dict[str, str]) -> None:
    assert answers["get"]["data"] == answers["create"]["data"]
    assert {name for name, value in answers["get_some"]["data"].items() if value} == {"id", "tracking_number", "slug", "tag", "title"}
    seen = answers["get_seen"]["data"]
    first, second = seen["checkpoints"]
    assert (seen["tag"], seen["subtag"], seen["order_number"], seen["transit_time"]) == ("InTransit", "InTransit_003", "#1", 1)
    assert (first["subtag"], first["message"], first["checkpoint_time"][-6:]) == ("InTransit_007", "Left", "+00:00")
    assert (second["city"], second["country_region"], second["raw_tag"], second["source"]) == ("Leipzig", "DEU", "AA7", "carrier")
    assert second["checkpoint_time"] == shop["wall"]  # no offset, because nobody knows it
    reader = answers["get_seen_reader"]["data"]
    assert (reader["tag"], reader["customers"], reader["destination_city"]) == ("InTransit", [], None)


def finds(answers: Answers) -> None:
    def numbers(name: str) -> list[str]:
        return [one["tracking_number"] for one in answers[name]["data"]["trackings"]]

    assert numbers("list") == ["ONCE1", "RB123456785GB"]
    assert numbers("list_next")[0] == "1Z5R89390357567127"
    page = answers["list"]["data"]["pagination"]
    assert (page["total"], page["has_next_page"]) == (5, True)
    assert numbers("list_numbers") == numbers("list_order") == ["1Z5R89390357567127"]
    assert numbers("list_tag") == ["SEEN1"]
    assert numbers("list_future") == numbers("list_stranger") == []


def ends(answers: Answers) -> None:
    lost, again, anew = (answers[name]["data"] for name in ("complete", "retrack", "create_anew"))
    assert (lost["tag"], lost["subtag"], lost["active"]) == ("Exception", "Exception_013", False)
    assert [one["source"] for one in lost["checkpoints"]] == ["user"]
    assert (again["tag"], again["active"], again["checkpoints"]) == ("Pending", True, [])
    assert answers["delete"]["data"]["tracking_number"] == "1Z5R89390357567127"
    assert (anew["tag"], anew["active"], anew["title"], anew["order_number"]) == ("Pending", True, None, "#78")


def knows_carriers_and_days(answers: Answers) -> None:
    assert [one["slug"] for one in answers["couriers"]["data"]["couriers"]] == ["ups", "dhl-germany"]
    assert [one["slug"] for one in answers["detect"]["data"]["couriers"]] == ["ups"]
    days = ("estimated_delivery_date_min", "estimated_delivery_date", "estimated_delivery_date_max", "confidence_code")
    assert [answers["predict"]["data"][name] for name in days] == ["2026-11-04", "2026-11-09", "2026-11-09", None]
    first, second = answers["predict_batch"]["data"]["estimated_delivery_dates"]
    assert first["estimated_delivery_date"] == "2026-11-09"
    # ordered on a Friday after the cut-off: Monday's work, and a day more
    assert second["estimated_pickup"]["pickup_time"] == "2026-11-10T15:00:00+00:00"


def speaks_trackingmore(answers: Answers) -> None:
    assert {name: answers[name]["meta"]["code"] for name in MORE_CODES} == MORE_CODES
    made = answers["more_create"]["data"]
    wanted = {
        "tracking_number": "00340434161094021501", "courier_code": "dhl-germany", "order_number": "#90", "customer_name": "Jo Lind",
        "customer_email": "jo@example.com", "title": "A chair", "note": "Blue", "destination_country": "SE",
        "delivery_status": "pending", "substatus": "pending001", "updating": True,
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert "customer_email" in answers["more_create_bad"]["meta"]["message"]
    batch = answers["more_batch"]["data"]
    assert [one["tracking_number"] for one in batch["success"]] == ["M1", "M2"]
    assert [(one["tracking_number"], one["errorCode"]) for one in batch["error"]] == [("00340434161094021501", 4101)]
    assert [one["tracking_number"] for one in answers["more_get"]["data"]] == ["M1", "00340434161094021501"]
    assert [one["tracking_number"] for one in answers["more_page"]["data"]] == ["M1"]
    (seen,) = answers["more_get_seen"]["data"]
    assert (seen["delivery_status"], seen["substatus"], seen["latest_event"][:19]) == ("transit", "transit002", "Arrived,Leipzig, DE")
    assert [one["checkpoint_delivery_substatus"] for one in seen["origin_info"]["trackinfo"]] == ["transit002", "transit007"]
    assert [one["tracking_number"] for one in answers["more_since"]["data"]] == ["SEEN1"]
    changed = answers["more_update"]["data"]
    assert (changed["note"], changed["customer_name"], changed["title"]) == ("Red", "Jo Lindgren", "A chair")
    assert {"courier_name": "UPS", "courier_code": "ups"}.items() <= answers["more_couriers"]["data"][0].items()
    assert [one["courier_code"] for one in answers["more_detect"]["data"]] == ["ups"]
