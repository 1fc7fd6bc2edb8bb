"""The only way out over HTTP: every call has a timeout, and a failure says whether to try again."""

import httpx

TIMEOUT = httpx.Timeout(10.0, connect=3.0)


def client(base_url: str = "", **headers: str) -> httpx.Client:
    """A client that keeps its connection, follows no redirect and reads no proxy from the environment."""
    return httpx.Client(base_url=base_url, headers=headers, timeout=TIMEOUT, follow_redirects=False, trust_env=False)
