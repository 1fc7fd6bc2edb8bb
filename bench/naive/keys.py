"""The one look-up that both sides make before any work."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from bench.naive.models import Merchant


class KeyAuthentication(BaseAuthentication):
    """A merchant by its key."""

    def authenticate(self, request: Request) -> tuple[Merchant, str]:
        """The merchant. Raises AuthenticationFailed."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        merchant = Merchant.objects.filter(key=key).first()
        if merchant is None:
            raise AuthenticationFailed
        return merchant, key
