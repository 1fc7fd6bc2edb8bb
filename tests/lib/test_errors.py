"""What Sentry is told, by its own client over a real connection."""

import gzip
import json
from typing import Any

import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured

from postpurchase.lib import errors, logs
from tests.webhooks.receiver import Receiver


@pytest.fixture
def told(receiver: Receiver, settings: Any) -> Any:
    """The events that have arrived at the Sentry of this machine."""
    settings.SENTRY_DSN = receiver.url.replace("http://", "http://public@").rsplit("/", 1)[0] + "/1"
    errors.report()

    def read() -> list[dict[str, Any]]:
        sentry_sdk.flush(10)
        parts = [gzip.decompress(heard.body).splitlines() for heard in receiver.heard]
        return [json.loads(body) for _, kind, body, *_ in parts if json.loads(kind)["type"] == "event"]

    yield read
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def test_an_error_arrives_with_its_request_and_nobodys_data(told: Any) -> None:
    secret = "kimber@home.example"
    with logs.about(request_id="r-1"):
        try:
            raise ValueError(f"no mail to {secret}")
        except ValueError:
            sentry_sdk.capture_exception()

    (event,) = told()
    assert event["exception"]["values"][0]["value"] == "no mail to [email]"
    assert event["tags"]["request_id"] == "r-1"
    assert "kimber" not in json.dumps(event)  # dkimpy is told of


def test_a_request_is_told_by_its_method_alone(told: Any) -> None:
    event = errors.clean_event(
        {
            "request": {"method": "GET", "url": "https://x.example/t/AbCdEfGhIjKlMnOpQrStUv", "headers": {"Cookie": "a=b"}},
            "user": {"id": 1},
        },
        {},
    )

    assert event == {"request": {"method": "GET"}, "tags": {}}


def test_without_an_address_nobody_is_told(settings: Any) -> None:
    assert settings.SENTRY_DSN == ""
    errors.report()
    assert not sentry_sdk.get_client().is_active()


def test_an_address_without_the_package_is_said_at_the_start(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SENTRY_DSN = "https://public@sentry.example/1"
    monkeypatch.setitem(__import__("sys").modules, "sentry_sdk", None)

    with pytest.raises(ImproperlyConfigured, match="observability"):
        errors.report()
