"""Paths of the other services that we do not have."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from api.compat.door import Service


class Nothing(Service):
    """404 in the service's envelope; nobody needs a key to hear it."""

    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise Http404
