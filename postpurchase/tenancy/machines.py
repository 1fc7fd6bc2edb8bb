"""A short way in for programs: API calls and webhooks bring no cookie, no form and no language, so nothing of that is looked for."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils import translation

from postpurchase.tenancy.middleware import TenantMiddleware

PROGRAMS = re.compile(r"/(?:api/v1/(?!docs)|in/|mail/|tracking/\d{4}-\d\d/|v4/)")  # the docs are a page for people


class ForMachines:
    """Stands in MIDDLEWARE behind what every answer needs and ahead of what browsers need. Programs' requests go from here to the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.people, self.programs = get_response, _ShortWay()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The view's answer for programs; the rest of MIDDLEWARE's for people."""
        if not PROGRAMS.match(request.path_info):
            return self.people(request)
        translation.activate(settings.LANGUAGE_CODE)  # this thread may still speak the last person's language
        answer: HttpResponseBase = self.programs.answer(request)
        return answer


class _ShortWay(BaseHandler):
    """Django's own handler with two of the middlewares: lengths and addresses, then the key's merchant."""

    def __init__(self) -> None:
        view: Any = self._get_response  # type: ignore[attr-defined]
        tenant = TenantMiddleware(convert_exception_to_response(view))  # type: ignore[arg-type]
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = [tenant.process_exception]
        self.answer: Any = CommonMiddleware(convert_exception_to_response(tenant))
