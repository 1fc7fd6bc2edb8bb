"""/api/v1/messages"""

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import mode, show
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, answer, bad_query, found_or_404, id_in, key_of, listed, query_of
from api.v1.shapes import MessageDetail, MessagePage
from notifications.models import State

FILTERS = ("order", "state")


class Messages(Resource):
    """All messages."""

    scopes = {"GET": "messages:read"}

    @told("List messages", gives=MessagePage, params=[
        parameter("order", "The id of an order (ord_...)"),
        parameter("state", "Where the message stands", enum=list(State.values)),
    ])  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Newest first: what went out, what waits, what was not sent and why."""
        rows, query = mode.messages(key_of(request)), query_of(request, *FILTERS)
        if order_id := id_in(query, "order", "ord"):
            rows = rows.filter(order_id=order_id)
        if "state" in query:
            if query["state"] not in State.values:
                raise bad_query("state", f"must be one of {', '.join(State.values)}")
            rows = rows.filter(state=query["state"])
        return listed(request, rows.values(*show.MESSAGE), ("-created_at", "-id"), show.messages, MessagePage, *FILTERS)


class OneMessage(Resource):
    """One message."""

    scopes = {"GET": "messages:read"}

    @told("Read a message", gives=MessageDetail)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """With the decisions behind it."""
        return answer(show.message_detail(found_or_404(mode.messages(key_of(request)), "msg", public_id)))
