"""One request is one scope and one transaction: what raised leaves nothing behind, and a key's row is not held meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.models import Customer
from postpurchase.lib import clock
from postpurchase.tenancy import keys
from postpurchase.tenancy.models import ApiKey, Merchant, Role
from postpurchase.tenancy.permissions import at_least
from postpurchase.tenancy.scope import in_merchant
from tests.people import hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tenancy.test_requests")]


@at_least(Role.VIEWER)
def half_done(request: HttpRequest, slug: str) -> HttpResponse:
    Customer.objects.create(email="half@x.example")
    raise ValueError


class HalfDone(APIView):
    def get(self, request: Request) -> Response:
        Customer.objects.create(email="half@x.example")
        raise Http404


class UsedAt(APIView):
    def get(self, request: Request) -> Response:
        return Response({"used_at": ApiKey.objects.get(pk=request.auth.id).last_used_at})


urlpatterns = [
    path("m/<slug:slug>/half/", half_done),
    path("api/v1/half", HalfDone.as_view()),
    path("api/v1/used", UsedAt.as_view()),
]


def customers(merchant: Merchant) -> int:
    with in_merchant(merchant):
        return Customer.objects.count()


def with_key(merchant: Merchant) -> Client:
    with in_merchant(merchant):
        return Client(headers={"authorization": f"Bearer {keys.make('test')[1]}"}, raise_request_exception=False)


def test_what_a_page_did_before_it_raised_is_undone(ann: Merchant) -> None:
    client, before = Client(raise_request_exception=False), customers(ann)
    client.force_login(hire(ann, "vic@ann.example", Role.VIEWER))

    assert client.get(f"/m/{ann.slug}/half/").status_code == 500

    assert customers(ann) == before


def test_what_a_call_did_before_it_was_refused_is_undone(ann: Merchant) -> None:
    before = customers(ann)

    assert with_key(ann).get("/api/v1/half").status_code == 404

    assert customers(ann) == before


def test_a_keys_use_is_noted_after_the_request_and_once_an_hour(ann: Merchant) -> None:
    client = with_key(ann)

    first: Any = client.get("/api/v1/used").json()["used_at"]
    second = client.get("/api/v1/used").json()["used_at"]
    third = client.get("/api/v1/used").json()["used_at"]

    assert first is None
    assert second is not None
    assert third == second


def test_a_refused_call_is_a_use_too(ann: Merchant) -> None:
    client = with_key(ann)
    client.get("/api/v1/half")

    with in_merchant(ann):
        assert ApiKey.objects.get(label="test").last_used_at is not None


def test_after_an_hour_the_use_is_noted_again(ann: Merchant) -> None:
    client, long_ago = with_key(ann), clock.machine_now() - timedelta(hours=2)
    with in_merchant(ann):
        ApiKey.objects.update(last_used_at=long_ago)

    client.get("/api/v1/used")

    with in_merchant(ann):
        assert ApiKey.objects.get(label="test").last_used_at > long_ago
