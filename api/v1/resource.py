"""What every resource of the API shares: bodies and answers by struct, limits, request ids, lists by cursor."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1 import idempotency, rate
from api.v1.shapes import Page
from postpurchase.lib import ids
from postpurchase.tenancy import scope
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.problems import MEDIA, Problem
from postpurchase.tenancy.request_log import request_id
from postpurchase.ui import paging

log = logging.getLogger(__name__)
MIB = 1024 * 1024
encoder = msgspec.json.Encoder()
M = TypeVar("M", bound=Model)


class JsonOnly(BaseContentNegotiation):
    """There is one format, so Accept has nothing to choose."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Bodies are decoded by structs."""
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """JSON."""
        return renderers[0], renderers[0].media_type


class Resource(APIView):
    """A resource. `scopes` names what a key needs for each method."""

    scopes: ClassVar[dict[str, str]] = {}
    http_method_names = ["get", "head", "post"]
    content_negotiation_class = JsonOnly

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Key and scope, then the key's rate. DRF's own would also ask for formats, versions and throttles, of which there are none."""
        self.format_kwarg = None
        self.perform_authentication(request)
        self.check_permissions(request)
        if request.auth is not None:
            self.headers |= rate.limiter.take(key_of(request).id)

    def handle_exception(self, exc: Exception) -> Response:
        """A problem for everything, our own mistakes included: those are logged and rolled back."""
        try:
            return super().handle_exception(exc)
        except Exception:
            log.exception("request %s failed", request_id(self.request))
            if scope.current():
                transaction.set_rollback(True)
            problem = Problem(500, "our-mistake", f"We could not do this. Tell support the request id {request_id(self.request)}.")
            return Response(problem.body(), status=500, content_type=MEDIA)


class Writable(Resource):
    """A resource that takes POST: `write` gets the raw body, and raises Problem or answers."""

    most_bytes = 2 * MIB
    answer_is_kept = False  # in the transaction that writes: there is an Idempotency-Key
    tells_secret = False  # True: an answer that is kept is encrypted

    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Read the body and write, once per Idempotency-Key."""
        key, raw = key_of(request), body_of(request, self.most_bytes)
        self.answer_is_kept = idempotency.HEADER in request.headers
        seal_for = key.merchant_id if self.tells_secret else None
        return idempotency.once(request, key.id, raw, lambda: self.write(key, raw), seal_for=seal_for)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Do the work."""
        raise NotImplementedError


def key_of(request: Request) -> Key:
    """The key that called."""
    key: Any = request.auth
    return cast(Key, key)


def body_of(request: Request, most: int) -> bytes:
    """The raw body. Raises Problem: 413 past `most` bytes, 415 for anything that is not plain JSON."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise Problem(413, "too-large", f"The body may have {most // MIB} MiB. Send less at once.")
    media = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media not in ("application/json", "") or request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise Problem(415, "not-json", "Send the body as JSON, with Content-Type: application/json and no Content-Encoding.")
    return request._request.read(int(length))


def answer(value: Any, status: int = 200) -> HttpResponse:
    """A struct as a JSON answer."""
    return HttpResponse(encoder.encode(value), status=status, content_type="application/json")


def found_or_404(rows: QuerySet[M], prefix: str, public_id: str) -> M:
    """The row of that public id. Malformed, foreign and missing ids are answered alike."""
    row_id = ids.from_public(prefix, public_id)
    row = rows.filter(pk=row_id).first() if row_id else None
    if row is None:
        raise Http404
    return row


def listed(
    request: Request,
    rows: QuerySet[Any, Any],
    keys: tuple[str, ...],
    show: Callable[[list[Any]], list[Any]],
    page: type[Page],
    *filters: str,
) -> HttpResponse:
    """A page of rows, which are best .values(): a model costs more than its columns.

    Raises Problem 400 for a bad cursor or limit, or a query parameter that is none of ours.
    """
    query = query_of(request, *filters)
    size = query.get("limit", "50")
    if not size.isdecimal() or not 1 <= int(size) <= 100:
        raise bad_query("limit", "must be a whole number from 1 to 100")
    try:
        found = paging.page(rows, after=query.get("cursor", ""), size=int(size), keys=keys)
    except paging.BadCursor:
        raise bad_query("cursor", "is none of ours: take next_cursor from the page before") from None
    return answer(page(data=show(found.items), next_cursor=found.next_cursor or None, has_more=bool(found.next_cursor)))


def query_of(request: Request, *filters: str) -> Mapping[str, str]:
    """The query parameters, each once. Raises Problem 400 for unknown ones: a misspelt filter must not list everything."""
    query = {name: values[-1] for name, values in request.GET.lists()}
    for name, value in query.items():
        if name not in ("cursor", "limit", *filters):
            raise bad_query(name, f"is not a parameter here: use {', '.join(('cursor', 'limit', *filters))}")
        if "\0" in value:
            raise bad_query(name, "holds the character U+0000: leave it out")
    return query


def bad_query(name: str, message: str) -> Problem:
    """400 naming a query parameter."""
    return Problem(400, "bad-query", f"The query parameter {name} {message}.", errors=[{"parameter": name, "message": message}])


def id_in(query: Mapping[str, str], name: str, prefix: str) -> UUID | None:
    """The id in a query parameter, None where it is absent. Raises Problem for a malformed one."""
    if name not in query:
        return None
    found = ids.from_public(prefix, query[name])
    if found is None:
        raise bad_query(name, f"must be an id that starts with {prefix}_")
    return found


def status_of_outcome(outcome: str) -> int:
    """201 for what is new, 200 for what was there."""
    return 201 if outcome == "created" else 200
