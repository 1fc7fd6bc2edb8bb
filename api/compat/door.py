"""What the doors share that speak other services' languages: keys, limits, bodies, one answer per Idempotency-Key, refusals."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from msgspec import Struct
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1 import decode, idempotency
from api.v1.rate import WINDOW
from api.v1.resource import MIB, Resource, body_of, encoder, key_of
from postpurchase.lib import clock
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.problems import Problem

S = TypeVar("S", bound=Struct)
COUNTED = re.compile(r'"default";r=(?P<left>\d+);t=(?P<reset>\d+)')
QUOTA = re.compile(r"q=(?P<quota>\d+)")
MOST_BYTES = MIB


class Theirs(Problem):
    """A refusal with the service's own code; `data` goes along with it where the service does so."""

    def __init__(self, status: int, meta_code: int, message: str, *, data: Any = None) -> None:
        super().__init__(status, str(meta_code), message)
        self.meta_code, self.data = meta_code, data


class Service(Resource):
    """An address of another service. It is in that service's documents, not in ours."""

    schema = None
    http_method_names = ["get", "head", "post", "put", "delete"]
    scopes: ClassVar[dict[str, str]] = {
        "GET": "shipments:read", "POST": "shipments:write", "PUT": "shipments:write", "DELETE": "shipments:write"
    }  # fmt: skip

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As for every resource; the rate is told in the headers that these clients read, too."""
        try:
            super().initial(request, *args, **kwargs)
        finally:
            self.headers |= _counted(self.headers)

    def handle_exception(self, exc: Exception) -> Response:
        """Our own refusal, rolled back and logged as anywhere, in the service's words. What is 422 here is 400 with them all."""
        ours = super().handle_exception(exc)
        meta, data = self.refusal(exc, ours.status_code, ours.data or {})
        status = 400 if ours.status_code == 422 else ours.status_code
        theirs = Response({"meta": meta, "data": data}, status=status, content_type="application/json")
        for name, value in ours.headers.items():
            if name.lower() not in ("content-type", "content-length"):
                theirs.headers[name] = value
        theirs.exception = True
        return theirs

    def refusal(self, exc: Exception, status: int, problem: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """What stands under "meta" and "data" for a problem of ours."""
        raise NotImplementedError

    def once(self, request: Request, kind: type[S] | None, work: Callable[[Key, S], HttpResponse]) -> HttpResponse:
        """Read the body as `kind` and do the work, once per Idempotency-Key. `kind` None: there is nothing to read."""
        key, raw = key_of(request), body_of(request, MOST_BYTES) if kind else b""
        body: Any = decode.parse(raw or b"{}", kind) if kind else None
        return idempotency.once(request, key.id, raw, lambda: work(key, body))


def sees_people(key: Key) -> bool:
    """Whether the key may read who a parcel is for."""
    return "orders:read" in key.scopes


def may_tell_orders(key: Key) -> None:
    """Raises PermissionDenied for a key that may write parcels but no orders."""
    if "orders:write" not in key.scopes:
        raise PermissionDenied("this key lacks the scope orders:write: leave out the order, the customers and the addresses")


def encoded(value: Any, status: int = 200) -> HttpResponse:
    """An answer as JSON."""
    return HttpResponse(encoder.encode(value), status=status, content_type="application/json")


def _counted(headers: dict[str, str]) -> dict[str, str]:
    """X-RateLimit-* from our own: of a window of ten seconds; the reset is a Unix time in seconds."""
    left, quota = COUNTED.search(headers.get("RateLimit", "")), QUOTA.search(headers.get("RateLimit-Policy", ""))
    if not left or not quota:
        return {}
    now = int(clock.machine_now().timestamp())
    reset = now - now % WINDOW + WINDOW
    return {"X-RateLimit-Limit": quota["quota"], "X-RateLimit-Remaining": left["left"], "X-RateLimit-Reset": str(reset)}
