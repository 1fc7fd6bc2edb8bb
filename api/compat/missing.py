"""Paths of the other services that we do not have."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from api.aftership.envelope import AfterShip
from api.trackingmore.envelope import TrackingMore


class NoAfterShip(AfterShip):
    """404 in its envelope; nobody needs a key to hear it."""

    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise Http404


class NoTrackingMore(TrackingMore):
    """404 in its envelope; nobody needs a key to hear it."""

    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise Http404
