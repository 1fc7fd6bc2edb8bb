"""Errors of the API as RFC 9457 problem details, and the rollback that comes with them."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response

from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.limits import TooMany

MEDIA = "application/problem+json"


class Problem(Exception):
    """An answer that is no success: `errors` name each field (JSON pointer) and what to do."""

    def __init__(self, status: int, code: str, detail: str, *, errors: list[dict[str, Any]] | None = None, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.errors = status, code, detail, errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def body(self) -> dict[str, Any]:
        """The problem details object."""
        found = {
            "type": f"/problems/{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        return found | ({"errors": self.errors} if self.errors else {})


def api_problem(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. It answers inside the view, so the half-done work must be rolled back here."""
    problem = _as_problem(exc)
    if problem is None:
        return None
    if scope.current():
        transaction.set_rollback(True)
    return Response(problem.body(), status=problem.status, headers=problem.headers, content_type=MEDIA)


def _as_problem(exc: Exception) -> Problem | None:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Http404):
        return Problem(404, "not-found", "There is nothing here under that id.")
    if isinstance(exc, PermissionDenied):
        return Problem(403, "forbidden", str(exc) or "This key may not do that.")
    if isinstance(exc, IllegalMove):
        return Problem(409, "illegal-move", str(exc))
    if isinstance(exc, TooMany):
        return Problem(429, "too-many", str(exc), Retry_After=str(exc.retry_after))
    if isinstance(exc, exceptions.APIException):
        return _from_drf(exc)
    return None


def _from_drf(exc: exceptions.APIException) -> Problem:
    ask = getattr(exc, "auth_header", None)
    headers: dict[str, Any] = {"WWW_Authenticate": str(ask)} if ask else {}
    code = str(exc.default_code).replace("_", "-")
    return Problem(exc.status_code, code, str(exc.detail), **headers)
