"""Behind our own proxies, limits count who stands in front of them, and nobody can write himself another address."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from postpurchase.tenancy.proxies import BehindProxies

PROXY = "10.0.0.5"


def seen(forwarded: str | None) -> str:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    found: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    BehindProxies(view)(RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers))
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "6.6.6.6, 192.0.2.7", "192.0.2.7"),
        (2, "6.6.6.6, 192.0.2.7, 10.0.0.4", "192.0.2.7"),
        (1, " 2001:DB8::7 ", "2001:db8::7"),
        (1, None, PROXY),
        (2, "192.0.2.7", PROXY),
        (1, "unknown", PROXY),
        (1, "", PROXY),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(settings: Settings, proxies: int, forwarded: str | None, address: str) -> None:
    settings.PROXIES = proxies

    assert seen(forwarded) == address


def test_without_proxies_the_header_is_not_read(settings: Settings) -> None:
    settings.PROXIES = 0

    with pytest.raises(MiddlewareNotUsed):
        seen("192.0.2.7")
