"""The way out has a time limit, follows nobody, and takes no hint from the environment."""

import pytest

from postpurchase.lib import http


def test_the_client_waits_and_trusts_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    with http.client("https://carrier.example", authorization="Bearer x") as client:
        assert (client.timeout.connect, client.timeout.read, client.timeout.write, client.timeout.pool) == (3.0, 10.0, 10.0, 10.0)
        assert client.follow_redirects is False
        assert client.trust_env is False
        assert client.headers["authorization"] == "Bearer x"
