"""/api/v1/events"""

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import mode, show
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, bad_query, id_in, key_of, listed, query_of
from api.v1.shapes import EventPage
from postpurchase.events.catalogue import FACTS

FILTERS = ("kind", "order", "after")


class Events(Resource):
    """Everything that has become true."""

    scopes = {"GET": "events:read"}

    @told("List events", gives=EventPage, params=[
        parameter("kind", "What happened", enum=list(FACTS)),
        parameter("order", "The id of an order (ord_...)"),
        parameter("after", "The id of the last event that you have (evt_...)"),
    ])  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Oldest first. Poll with `after`; an id tells when its work began, so ask again for the last minute and skip what you know."""
        rows, query = mode.events(key_of(request)), query_of(request, *FILTERS)
        if "kind" in query:
            if query["kind"] not in FACTS:
                raise bad_query("kind", f"must be one of {', '.join(FACTS)}")
            rows = rows.filter(kind=query["kind"])
        if order_id := id_in(query, "order", "ord"):
            rows = rows.filter(thread=order_id)
        if after := id_in(query, "after", "evt"):
            rows = rows.filter(pk__gt=after)
        return listed(request, rows.values(*show.EVENT), ("id",), show.events, EventPage, *FILTERS)
