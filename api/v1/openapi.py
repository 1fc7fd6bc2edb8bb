"""The contract, OpenAPI 3.1, made from the structs that decode and encode the bodies."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from msgspec import Struct

from api.v1.shapes import Page, ProblemDetails

REF = "#/components/schemas/{name}"
V = TypeVar("V", bound=Callable[..., Any])
Shapes = type[Struct] | tuple[type[Struct], ...]
REFUSALS = {
    400: "The body is not JSON, or a query parameter is wrong",
    401: "No key, or one that is unknown or revoked",
    403: "The key lacks the scope",
    404: "Nothing under that id",
    409: "A request with this Idempotency-Key is being worked on, or the state does not allow it",
    413: "The body is too large",
    415: "The body is not sent as JSON",
    422: "A field does not fit, or the Idempotency-Key stood on another request; `errors` name each field",
    429: "This key called too often: wait Retry-After seconds",
}
WRITES, READS = (400, 401, 403, 409, 413, 415, 422, 429), (400, 401, 403, 429)
CHANGES = (400, 401, 403, 404, 413, 415, 422, 429)
VERBS = {"POST": "record", "PATCH": "change", "DELETE": "remove"}
GONE = {204: OpenApiResponse(None, "Removed")}
_named: set[type[Struct]] = {ProblemDetails}


class Described(AutoSchema):
    """Tags and operation ids by resource."""

    def get_tags(self) -> list[str]:
        """/api/v1/orders/... -> orders."""
        return [self.path.split("/")[3]]

    def get_operation_id(self) -> str:
        """GET /orders -> list_orders, GET /orders/{id} -> get_orders, POST -> record_orders, PATCH -> change_, DELETE -> remove_."""
        parts = [part for part in self.path.split("/")[3:] if not part.startswith("{")]
        verb = VERBS.get(self.method) or ("get" if self.path.endswith("}") else "list")
        return "_".join([verb, *parts])


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key goes into the Authorization header."""

    target_class = "postpurchase.tenancy.permissions.ApiKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """RFC 6750."""
        return {"type": "http", "scheme": "bearer", "description": "A key from the dashboard: pk_live_... or pk_test_..."}


def parameter(name: str, description: str, *, enum: list[str] | None = None) -> OpenApiParameter:
    """A filter of a list."""
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, enum=enum)


def told(
    summary: str,
    *,
    gives: Shapes | None,
    takes: Shapes | None = None,
    status: int = 200,
    writes: bool = False,
    changes: bool = False,
    one: bool = False,
    params: Sequence[OpenApiParameter] = (),
) -> Callable[[V], V]:
    """Describe a method by its structs; its docstring is the description. `one`: its address names a row, which may not be there."""
    refusals = {
        code: OpenApiResponse(_ref(ProblemDetails), REFUSALS[code]) for code in (WRITES if writes else CHANGES if changes else READS)
    }
    if one or (not params and not writes and not _is_page(gives)):
        refusals[404] = OpenApiResponse(_ref(ProblemDetails), REFUSALS[404])
    good = {code: OpenApiResponse(_ref(gives), "Done" if code == 200 else "Created") for code in sorted({200, status})} if gives else GONE
    made: Callable[[V], V] = extend_schema(
        summary=summary,
        request={"application/json": _ref(takes)} if takes else None,
        responses={**good, **{(code, "application/problem+json"): refusal for code, refusal in refusals.items()}},
        parameters=[*params, *(_paging() if _is_page(gives) else ()), *(_writing() if writes else ())],
    )
    return made


def _is_page(gives: Shapes | None) -> bool:
    return gives is not None and not isinstance(gives, tuple) and issubclass(gives, Page)


def _paging() -> list[OpenApiParameter]:
    return [
        OpenApiParameter("cursor", str, OpenApiParameter.QUERY, description="next_cursor of the page before"),
        OpenApiParameter("limit", int, OpenApiParameter.QUERY, description="Rows a page, 1 to 100; 50 if absent"),
    ]


def _writing() -> list[OpenApiParameter]:
    why = "Any text of up to 255 characters. The same request sent again within 24 hours gets the first answer and does nothing."
    return [OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=why)]


def _ref(shapes: Shapes) -> dict[str, Any]:
    many = shapes if isinstance(shapes, tuple) else (shapes,)
    _named.update(many)
    refs = [{"$ref": REF.format(name=shape.__name__)} for shape in many]
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: the schemas of every struct that an operation names."""
    _, components = msgspec.json.schema_components(sorted(_named, key=lambda shape: shape.__name__), ref_template=REF)
    result.setdefault("components", {})["schemas"] = dict(sorted(components.items()))
    return result
