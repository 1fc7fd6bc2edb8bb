"""/design, where DEBUG is on: every part of the look on one page, drawn from the samples that the tests use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.ui.samples.design import DESIGN


def design(request: HttpRequest) -> HttpResponse:
    """The page of parts."""
    return render(request, *DESIGN["design"])


urlpatterns = [path("", design, name="design")]
