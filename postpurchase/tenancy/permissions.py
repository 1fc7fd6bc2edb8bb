"""Who may do what: roles on dashboard views, scopes on API keys."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.models import Role

if TYPE_CHECKING:
    from rest_framework.views import APIView  # at run time DRF's views import this module

RANK = {Role.VIEWER: 0, Role.AGENT: 1, Role.ADMIN: 2, Role.OWNER: 3}
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def at_least(role: Role) -> Callable[[View[P]], View[P]]:
    """A dashboard view for members of that role or above: others 403, strangers 404, the logged-out to the log-in page.

    An owner of a merchant that wants a second factor of its owners, and who has none, is led to set one up.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = request.member  # type: ignore[attr-defined]
            if member is None:
                raise Http404
            if RANK[Role(member.role)] < RANK[role]:
                raise PermissionDenied(f"this needs the role {role.label} or above")
            if member.needs_factor:
                return redirect(f"{reverse('mfa_index')}?why=owner")
            return view(request, *args, **kwargs)

        guarded.needs_role = role  # type: ignore[attr-defined]
        return guarded

    return decorate


class ApiKeyAuthentication(BaseAuthentication):
    """The middleware has found the key and opened the scope; DRF only learns who is calling."""

    def authenticate(self, request: Request) -> tuple["ApiClient", Key] | None:
        """The caller, or None without a live key."""
        key: Key | None = getattr(request._request, "api_key", None)
        return (ApiClient(key), key) if key else None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class ApiClient:
    """Stands where DRF expects a user."""

    is_authenticated = True

    def __init__(self, key: Key) -> None:
        self.pk = key.id


class HasScope(BasePermission):
    """The key must carry the scope that the view names for the method: `scopes = {"GET": "orders:read"}`. An unnamed method needs none."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """True with the scope; 401 without a key; 403 naming the missing scope."""
        if request.auth is None:
            return False
        needed: dict[str, str] = getattr(view, "scopes", {})
        wanted = needed.get("GET" if request.method == "HEAD" else str(request.method))
        self.message = f"this key lacks the scope {wanted}"
        key: Any = request.auth
        return wanted is None or wanted in key.scopes
