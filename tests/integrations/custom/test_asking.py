"""What carriers are asked, as their public documentation writes it."""

import json

import pytest

from integrations import registry
from integrations.carriers.asking import OWN, WAYS

ACCOUNT = {name: f"<{name}>" for way in WAYS.values() for name in way.needs} | {"token": "<token>"}
ASKED = {
    "dhl": ("GET", "/track/shipments?trackingNumber=N%2F1", {"DHL-API-Key": "<api_key>"}),
    "postnl": ("GET", "/shipment/v2/status/barcode/N%2F1?detail=true", {"apikey": "<api_key>"}),
    "la_poste": ("GET", "/suivi/v2/idships/N%2F1?lang=fr_FR", {"X-Okapi-Key": "<api_key>"}),
    "australia_post": ("GET", "/shipping/v1/track?tracking_ids=N%2F1", {"Account-Number": "<account_number>"}),
    "royal_mail": ("GET", "/mailpieces/v2/N%2F1/events", {"X-IBM-Client-Id": "<client_id>", "X-Accept-RMG-Terms": "yes"}),
    "canada_post": ("GET", "/vis/track/pin/N%2F1/detail", {"Accept": "application/vnd.cpc.track-v2+xml"}),
    "usps": ("GET", "/tracking/v3/tracking/N%2F1?expand=DETAIL", {"Authorization": "Bearer <token>"}),
    "fedex": ("POST", "/track/v1/trackingnumbers", {"Authorization": "Bearer <token>"}),
    "ups": ("GET", "/api/track/v1/details/N%2F1?locale=en_US", {"Authorization": "Bearer <token>", "transactionSrc": "postpurchase"}),
    "easypost": ("GET", "/v2/trackers?tracking_code=N%2F1&page_size=20", {"Authorization": "Basic PGFwaV9rZXk+Og=="}),
    "17track": ("POST", "/track/v2.2/gettrackinfo", {"17token": "<api_key>"}),
}
LOGINS = {"usps": "/oauth2/v3/token", "fedex": "/oauth/token", "ups": "/security/v1/oauth/token"}


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_a_carrier_is_asked_in_its_own_form(kind: str) -> None:
    method, path, headers = ASKED[kind]

    asked = WAYS[kind].ask("N/1", ACCOUNT, WAYS[kind].base)

    assert (asked.method, asked.url) == (method, f"https://{WAYS[kind].base.removeprefix('https://')}{path}")
    assert headers.items() <= asked.headers.items()


def test_every_kind_that_can_be_asked_can_also_receive_and_its_number_is_in_the_request() -> None:
    assert WAYS.keys() - {OWN} == ASKED.keys()
    assert WAYS.keys() <= set(registry.kinds())
    asked = json.loads(WAYS["fedex"].ask("N/1", ACCOUNT, "").body)
    assert asked["trackingInfo"] == [{"trackingNumberInfo": {"trackingNumber": "N/1"}}]


@pytest.mark.parametrize("kind", sorted(LOGINS))
def test_a_login_asks_for_a_token_with_the_accounts_own_secret(kind: str) -> None:
    login = WAYS[kind].login
    assert login

    asked = login(ACCOUNT, "https://c.example")

    assert (asked.method, asked.url) == ("POST", f"https://c.example{LOGINS[kind]}")
    assert b"client_credentials" in asked.body
    assert ("<client_secret>" in asked.body.decode().replace("%3C", "<").replace("%3E", ">")) is ("Authorization" not in asked.headers)


def test_a_merchants_own_address_takes_the_number_safely() -> None:
    asked = WAYS[OWN].ask("A/1?x", {"header": "X-Key", "value": "v"}, "https://3pl.example/t/{number}")

    assert (asked.url, asked.headers["X-Key"]) == ("https://3pl.example/t/A%2F1%3Fx", "v")
