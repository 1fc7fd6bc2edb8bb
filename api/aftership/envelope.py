"""AfterShip's envelope: `{meta, data}`, and its error codes for our refusals."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.compat import rows
from api.compat.door import Service, Theirs, encoded
from api.v1.resource import key_of
from tracking.models import Shipment

TYPES = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 429: "TooManyRequests"}
NAMED = {"tracking_number": 4005, "slug": 4010, "": 400}  # field -> the code for a wrong value; 4008 for others
MISSING = {"tracking_number": 4007}  # the same for one that is not there; 4009 for others
EXISTS, UNKNOWN, RETRACK, RETRACK_OFTEN, BAD_COURIER = 4003, 4004, 4013, 4016, 4012


class AfterShip(Service):
    """An address of AfterShip's API."""

    def refusal(self, exc: Exception, status: int, problem: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """`meta` with code, message and type."""
        code, message = _told(exc, status, problem)
        kind = TYPES.get(status, "BadRequest" if status < 500 else "InternalError")
        return {"code": code, "message": message, "type": kind}, (exc.data if isinstance(exc, Theirs) and exc.data else {})


def _told(exc: Exception, status: int, problem: dict[str, Any]) -> tuple[int, str]:
    message = str(problem.get("detail", ""))
    if isinstance(exc, Theirs):
        return exc.meta_code, message
    if status == 401:
        return 401, "The API key is missing or opens nothing: send one of Postpurchase in the header as-api-key."
    if problem.get("type") == "/problems/malformed-json":
        return 4001, message
    errors = problem.get("errors") or []
    if not errors:
        return (400 if status in (413, 415, 422) else status), message
    first = errors[0]
    field = str(first.get("pointer") or first.get("parameter") or "").strip("/").replace("/", ".")
    required = first["message"] == "is required"
    code = MISSING.get(field, 4009) if required else NAMED.get(field, 4008)
    said = f"{field} is required." if required else f"The value of {field or 'the body'} is invalid: it {first['message']}."
    return code, said.replace("it The", "the").replace("..", ".")


def answered(data: Any, code: int = 200) -> HttpResponse:
    """Success."""
    return encoded({"meta": {"code": code}, "data": data}, code)


def found(request: Request, public_id: str) -> Shipment:
    """The parcel of that id. Raises Theirs 4004 alike for foreign, removed and missing ones, and for what is no id."""
    shipment = rows.found(key_of(request), public_id)
    if shipment is None:
        raise Theirs(404, UNKNOWN, "Tracking does not exist.")
    return shipment
