"""TrackingMore's envelope: `{meta, data}`, and its error codes for our refusals."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.compat import rows
from api.compat.door import Service, Theirs, encoded
from api.v1.resource import key_of
from tracking.models import Shipment

TYPES = {200: "Success", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 429: "TooManyRequests"}
NAMED = {"tracking_number": 4110, "courier_code": 4120}  # field -> the code for a wrong value; 4130 for others
MISSING = {"tracking_number": 4111, "courier_code": 4120}
EXISTS, UNKNOWN, TOO_MANY, RETRACK, NO_COURIER, MISTAKE = 4101, 4102, 4103, 4113, 4121, 511


class TrackingMore(Service):
    """An address of TrackingMore's API."""

    def refusal(self, exc: Exception, status: int, problem: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """`meta` with code, type and message."""
        code, message = told(exc, status, problem)
        kind = TYPES.get(status, "BadRequest" if status < 500 else "ServerError")
        return {"code": code, "type": kind, "message": message}, (exc.data if isinstance(exc, Theirs) and exc.data else [])


def told(exc: Exception, status: int, problem: dict[str, Any]) -> tuple[int, str]:
    """The code and the message for a problem of ours."""
    message = str(problem.get("detail", ""))
    if isinstance(exc, Theirs):
        return exc.meta_code, message
    if status == 401:
        return 401, "The API key is missing or opens nothing: send one of Postpurchase in the header Tracking-Api-Key."
    if status >= 500:
        return MISTAKE, message
    errors = problem.get("errors") or []
    if not errors:
        return (400 if status in (400, 409, 413, 415, 422) else status), message
    first = errors[0]
    field = str(first.get("pointer") or first.get("parameter") or "").strip("/").replace("/", ".")
    required = first["message"] == "is required"
    code = (MISSING if required else NAMED).get(field, 4130)
    return code, f"{field} is required." if required else f"The format of {field or 'the body'} is invalid: {first['message']}."


def answered(data: Any) -> HttpResponse:
    """Success."""
    return encoded({"meta": {"code": 200, "type": "Success", "message": "Request response is successful"}, "data": data})


def found(request: Request, public_id: str) -> Shipment:
    """The parcel of that id. Raises Theirs 4102 alike for foreign, removed and missing ones, and for what is no id."""
    shipment = rows.found(key_of(request), public_id)
    if shipment is None:
        raise Theirs(404, UNKNOWN, "There is no tracking under that id: create it first.")
    return shipment
