"""Every path under /api/ that is none of ours."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from api.v1.resource import Resource


class Missing(Resource):
    """404 as a problem, to everybody: a path that is not there needs no key."""

    permission_classes = []
    http_method_names = ["get", "head", "post", "put", "patch", "delete", "options"]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing here, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise Http404
