"""/api/v1/shipments"""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import decode, mode, show
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, Writable, answer, bad_query, found_or_404, id_in, key_of, listed, query_of, status_of_outcome
from api.v1.shapes import Result, ShipmentDetail, ShipmentPage
from integrations.types import FieldError, Outcome, Recorded, ShipmentData
from postpurchase.tenancy.gates import Key
from tracking.models import Status
from tracking.shipments import record_shipments

FILTERS = ("order", "number", "status")
SCANS_SHOWN = 500


class Shipments(Writable):
    """All parcels."""

    scopes = {"GET": "shipments:read", "POST": "shipments:write"}

    @told("List shipments", gives=ShipmentPage, params=[
        parameter("order", "The id of an order (ord_...)"),
        parameter("number", "The carrier's number"),
        parameter("status", "Where the parcel is", enum=list(Status.values)),
    ])  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        rows, query = mode.shipments(key_of(request)), query_of(request, *FILTERS)
        if order_id := id_in(query, "order", "ord"):
            rows = rows.filter(order_id=order_id)
        if "number" in query:
            rows = rows.filter(number="".join(query["number"].split()).upper())
        if "status" in query:
            if query["status"] not in Status.values:
                raise bad_query("status", f"must be one of {', '.join(Status.values)}")
            rows = rows.filter(status=query["status"])
        return listed(request, rows.values(*show.SHIPMENT), ("-created_at", "-id"), show.shipments, ShipmentPage, *FILTERS)

    @told("Record a shipment", takes=ShipmentData, gives=Result, status=201, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Create a parcel, or update the one with this `external_id`, or this carrier and number."""
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """One parcel."""
        shipment = decode.parse(raw, ShipmentData)
        recorded = refused_if_parked(record_shipments([shipment], connection_id=mode.connection_of(key))[0])
        if recorded.outcome == Outcome.REFUSED:
            raise decode.invalid(recorded.errors)
        return answer(show.result(recorded, "shp"), status_of_outcome(recorded.outcome))


def refused_if_parked(recorded: Recorded) -> Recorded:
    """A webhook may wait for its order; an API call is told at once that it is not there."""
    if recorded.outcome != Outcome.PARKED:
        return recorded
    kind, _, external_id = recorded.parked_for.partition(":")
    error = FieldError(f"/{kind}_external_id", f"there is no {kind} {external_id}: record it first")
    return Recorded(Outcome.REFUSED, external_id=recorded.external_id, errors=[error])


class OneShipment(Resource):
    """One parcel."""

    scopes = {"GET": "shipments:read"}

    @told("Read a shipment", gives=ShipmentDetail)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """With its lines, carriers and scans."""
        row = found_or_404(mode.shipments(key_of(request)), "shp", public_id)
        latest = row.scans.order_by("-occurred_at", "-id")[:SCANS_SHOWN]
        return answer(show.shipment_detail(row, reversed(latest)))
