"""The addresses of api/aftership and api/trackingmore."""

from typing import Any

from tests.architecture.intruder.fixture import ORDER, Fixture, external, nothing, public
from tests.architecture.intruder.world import World

VERSION = {"version": lambda world: "2026-07"}
PARCEL = {"public_id": public("shp", "tracking.Shipment")}
NUMBERS = "formats of numbers and names of carriers, the same for everybody"
NOWHERE = "there is nothing there for anybody"


def number(world: World) -> str:
    """That of the shop's parcel."""
    return external(world, "number").upper().replace(" ", "")


def wanted(world: World) -> dict[str, Any]:
    """Another parcel for the shop's order, in the words of AfterShip and of TrackingMore."""
    parcel = {"tracking_number": f"{world.word} other".upper().replace(" ", ""), "slug": "dhl", "courier_code": "dhl"}
    people = {"customers": [{"email": world.email}], "customer_email": world.email}
    return parcel | people | {"order_id": external(world, "external_id"), "title": f"{world.word} lamp"}


def way(world: World) -> dict[str, Any]:
    """A parcel that might be sent."""
    return {"slug": external(world, "carrier"), "destination_address": {"country_region": "DEU"}, "pickup_time": "2026-03-04"}


def theirs(path: str, *works: str, **more: Any) -> Fixture:
    """An address of AfterShip's API."""
    return Fixture(VERSION | (PARCEL if "public_id" in path else {}), works=works, **({"query": nothing} | more))


AFTERSHIP = {
    f"tracking/<version:version>/{path}": theirs(path, *works, **more)
    for path, works, more in (
        (
            "trackings",
            ("GET", "POST"),
            {"query": lambda world: {"order_id": external(world, "external_id"), "keyword": f"#{world.word}"}, "body": wanted},
        ),
        ("trackings/<str:public_id>", ("GET", "PUT", "DELETE"), {"body": lambda world: {"title": f"{world.word} lamp"}}),
        (
            "trackings/<str:public_id>/retrack",
            (),
            {"body": nothing, "unprovable": "the parcel is on its way: tests/compat has one that is not"},
        ),
        ("trackings/<str:public_id>/mark-as-completed", ("POST",), {"body": lambda world: {"reason": "DELIVERED"}}),
        ("couriers", ("GET",), {"silent": NUMBERS}),
        ("couriers/detect", ("POST",), {"silent": NUMBERS, "body": lambda world: {"tracking_number": number(world)}}),
        ("estimated-delivery-date/predict", ("POST",), {"body": way}),
        ("estimated-delivery-date/predict-batch", ("POST",), {"body": lambda world: {"estimated_delivery_dates": [way(world)]}}),
    )
} | {
    "tracking/<version:version>/<path:rest>": Fixture(
        VERSION | {"rest": lambda world: f"orders/{ORDER(world)}"}, works=(), unprovable=NOWHERE
    )
}
TRACKINGMORE = {
    "v4/couriers/all": Fixture(query=nothing, silent=NUMBERS),
    "v4/couriers/detect": Fixture(
        query=nothing, body=lambda world: {"tracking_number": "1Z5R89390357567127"}, works=("POST",), silent=NUMBERS
    ),
    "v4/trackings/create": Fixture(query=nothing, body=wanted, works=("POST",)),
    "v4/trackings/batch": Fixture(query=nothing, body=wanted, works=(), unprovable="it takes a list, which is tried in tests/compat"),
    "v4/trackings/get": Fixture(query=lambda world: {"tracking_numbers": number(world)}),
    "v4/trackings/update/<str:public_id>": Fixture(
        PARCEL, query=nothing, body=lambda world: {"note": f"{world.word} bell"}, works=("PUT",)
    ),
    "v4/trackings/delete/<str:public_id>": Fixture(PARCEL, query=nothing, body=nothing, works=("DELETE",)),
    "v4/trackings/retrack/<str:public_id>": Fixture(
        PARCEL, query=nothing, body=nothing, works=(), unprovable="the parcel is on its way: tests/compat has one that is not"
    ),
    "v4/<path:rest>": Fixture({"rest": lambda world: f"orders/{ORDER(world)}"}, works=(), unprovable=NOWHERE),
}

FIXTURES = AFTERSHIP | TRACKINGMORE
