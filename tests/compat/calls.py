"""Every act of both official clients against our server. Runs in their own environment: nothing of ours can be imported here.

Reads {url, key, stranger, reader, seen} as JSON; prints what each call was answered, by its name.
"""

import json
import sys
from urllib.parse import urlsplit

import trackingmore
from trackingmore import request as trackingmore_request

import tracking

GIVEN = json.load(sys.stdin)
ANSWERS = {}


def client(key):
    return tracking.Client(tracking.Configuration(api_key=key, domain=GIVEN["url"], max_retry=0))


def note(name, act):
    """The model that the client made of the answer, or its exception."""
    try:
        found = act()
    except tracking.exceptions.ApiException as why:
        kind = type(why).__name__
        ANSWERS[name] = {
            "error": kind,
            "code": why.code.value,
            "meta_code": why.meta_code,
            "status": why.status_code,
            "message": why.message,
        }
        return None
    ANSWERS[name] = found if isinstance(found, dict) else found.model_dump(mode="json")
    return found


def aftership():
    api, stranger, reader = client(GIVEN["key"]), client(GIVEN["stranger"]), client(GIVEN["reader"])
    asked = tracking.CreateTrackingRequest(
        tracking_number="1Z5R89390357567127", slug="ups", title="Two lamps", note="Ring twice", order_id="shop-77", order_number="#77",
        custom_fields={"warehouse": "north"}, destination_country_region="DEU", destination_postal_code="10119", destination_city="Berlin",
        origin_country_region="USA", shipment_tags=["fragile"],
        customers=[tracking.CreateTrackingRequestCustomers(name="Mia Berg", email="Mia.Berg@example.com", language="de")],
        order_promised_delivery_date=tracking.CreateTrackingRequestOrderPromisedDeliveryDate(promised_delivery_date="2027-01-08"),
    )  # fmt: skip
    made = note("create", lambda: api.tracking.create_tracking(asked))
    mine = made.data.id
    note("create_again", lambda: api.tracking.create_tracking(asked))
    note("create_detected", lambda: api.tracking.create_tracking({"tracking_number": "RB123456785GB"}))
    note("create_without_number", lambda: api.tracking.create_tracking({"slug": "ups"}))
    note("create_undetected", lambda: api.tracking.create_tracking({"tracking_number": "??"}))
    note(
        "create_bad_country",
        lambda: api.tracking.create_tracking({"tracking_number": "X1", "slug": "ups", "destination_country_region": "QQQ"}),
    )
    once = {"headers": {"Idempotency-Key": "one"}}
    note("create_once", lambda: api.tracking.create_tracking({"tracking_number": "ONCE1", "slug": "dhl"}, **once))
    note(
        "create_twice",
        lambda: api.tracking.create_tracking({"tracking_number": "ONCE1", "slug": "dhl"}, headers={"Idempotency-Key": "one"}),
    )
    note("get", lambda: api.tracking.get_tracking_by_id(mine))
    note("get_some", lambda: api.tracking.get_tracking_by_id(mine, fields="tag,title"))
    note("get_seen", lambda: api.tracking.get_tracking_by_id(GIVEN["seen"]))
    note("get_seen_reader", lambda: reader.tracking.get_tracking_by_id(GIVEN["seen"]))
    note("get_stranger", lambda: stranger.tracking.get_tracking_by_id(mine))
    note("get_missing", lambda: api.tracking.get_tracking_by_id("shp_x"))
    note("get_no_key", lambda: client("pk_live_nobody").tracking.get_tracking_by_id(mine))
    note("create_reader", lambda: reader.tracking.create_tracking(asked))
    first = note("list", lambda: api.tracking.get_trackings(limit=2))
    note("list_next", lambda: api.tracking.get_trackings(limit=2, cursor=first.data.pagination.next_cursor))
    note("list_numbers", lambda: api.tracking.get_trackings(tracking_numbers="1Z5R89390357567127,none", slug="ups", destination="DEU"))
    note("list_tag", lambda: api.tracking.get_trackings(tag="InTransit"))
    note("list_future", lambda: api.tracking.get_trackings(updated_at_min="2099-01-01T00:00:00Z"))
    note("list_order", lambda: api.tracking.get_trackings(order_id="shop-77", keyword="#77"))
    note("list_bad_tag", lambda: api.tracking.get_trackings(tag="Nowhere"))
    note("list_bad_cursor", lambda: api.tracking.get_trackings(cursor="x"))
    note("list_stranger", lambda: stranger.tracking.get_trackings())
    changed = {"title": "Three lamps", "order_number": "#78", "destination_city": "Potsdam"}
    note("update", lambda: api.tracking.update_tracking_by_id(mine, changed))
    note("update_stranger", lambda: stranger.tracking.update_tracking_by_id(mine, changed))
    note("retrack_active", lambda: api.tracking.retrack_tracking_by_id(mine))
    note("complete_bad", lambda: api.tracking.mark_tracking_completed_by_id(mine, {"reason": "GONE"}))
    note("complete", lambda: api.tracking.mark_tracking_completed_by_id(mine, {"reason": "LOST"}))
    note("retrack", lambda: api.tracking.retrack_tracking_by_id(mine))
    note("delete", lambda: api.tracking.delete_tracking_by_id(mine))
    note("get_deleted", lambda: api.tracking.get_tracking_by_id(mine))
    note(
        "create_anew", lambda: api.tracking.create_tracking({"tracking_number": "1Z5R89390357567127", "slug": "ups", "order_id": "shop-77"})
    )
    note("couriers", lambda: api.courier.get_couriers(slug="ups,dhl-germany"))
    note("detect", lambda: api.courier.detect_courier({"tracking_number": "1Z5R89390357567127"}))
    germany, munich = {"country_region": "DEU"}, {"country_region": "DEU", "postal_code": "80331"}
    way = {"slug": "dhl", "origin_address": germany, "destination_address": munich, "pickup_time": "2026-11-02T10:00:00+01:00"}
    work = {"order_time": "2026-11-06T17:00:00+01:00", "order_cutoff_time": "16:00:00", "business_days": [1, 2, 3, 4, 5]}
    ordered = {name: value for name, value in way.items() if name != "pickup_time"}
    ordered["estimated_pickup"] = work | {"order_processing_time": {"unit": "day", "value": 1}}
    note("predict", lambda: api.estimated_delivery_date.predict(way))
    note("predict_batch", lambda: api.estimated_delivery_date.predict_batch({"estimated_delivery_dates": [way, ordered]}))
    note("predict_six", lambda: api.estimated_delivery_date.predict_batch({"estimated_delivery_dates": [way] * 6}))


def trackingmores():
    address = urlsplit(GIVEN["url"])
    trackingmore_request.apiBaseUrl = address.netloc  # the one address to change; a port other than 443 goes over plain HTTP
    trackingmore_request.apiPort = address.port
    trackingmore.api_key = GIVEN["key"]
    api = trackingmore.tracking
    asked = {
        "tracking_number": "00340434161094021501", "courier_code": "dhl-germany", "order_number": "#90", "customer_name": "Jo Lind",
        "customer_email": "jo@example.com", "title": "A chair", "note": "Blue", "tracking_destination_country": "SE",
    }  # fmt: skip
    made = note("more_create", lambda: api.create_tracking(asked))
    name = made["data"]["id"]
    note("more_create_again", lambda: api.create_tracking(asked))
    note("more_create_bad", lambda: api.create_tracking(asked | {"tracking_number": "N9", "customer_email": "nobody"}))
    batch = [{"tracking_number": "M1", "courier_code": "gls"}, {"tracking_number": "M2", "courier_code": "gls"}, asked]
    note("more_batch", lambda: api.batch_create_trackings(batch))
    note("more_get", lambda: api.get_tracking_results({"tracking_numbers": "00340434161094021501,M1"}))
    note("more_get_seen", lambda: api.get_tracking_results({"tracking_numbers": GIVEN["seen_number"]}))
    note("more_page", lambda: api.get_tracking_results({"items_amount": 1, "pages_amount": 2, "courier_code": "gls"}))
    note("more_since", lambda: api.get_tracking_results({"created_date_min": "2020-01-01T00:00:00+08:00", "delivery_status": "transit"}))
    note("more_get_bad", lambda: api.get_tracking_results({"delivery_status": "lost"}))
    note("more_update", lambda: api.update_tracking_by_id(name, {"note": "Red", "customer_name": "Jo Lindgren"}))
    note("more_retrack_active", lambda: api.retrack_tracking_by_id(name))
    note("more_retrack", lambda: api.retrack_tracking_by_id(GIVEN["over"]))
    note("more_delete", lambda: api.delete_tracking_by_id(name))
    note("more_delete_again", lambda: api.delete_tracking_by_id(name))
    note("more_couriers", trackingmore.courier.get_all_couriers)
    note("more_detect", lambda: trackingmore.courier.detect({"tracking_number": "1Z5R89390357567127"}))
    note("more_awb", lambda: trackingmore.air_waybill.create_an_air_waybill({"awb_number": "235-69030430"}))
    trackingmore.api_key = GIVEN["stranger"]
    note("more_update_stranger", lambda: api.update_tracking_by_id(GIVEN["over"], {"note": "Mine"}))
    trackingmore.api_key = "pk_live_nobody"
    note("more_no_key", lambda: api.get_tracking_results({}))


aftership()
trackingmores()
json.dump(ANSWERS, sys.stdout)
