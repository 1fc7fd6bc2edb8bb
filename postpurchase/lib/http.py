"""The only way out over HTTP: every call has a timeout, and a failure says whether to try again."""

import contextlib
import ssl
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import urljoin

import httpcore
import httpx

from postpurchase.lib import clock, reach

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
CONNECT = 5.0  # seconds for each address of a host
MOST_READ = 64 * 1024  # bytes of an answer, headers and all
MOST_HEADERS, LONGEST_HEADER = 40, 500
MOST_HOPS = 3  # redirects that get() follows
AGENT = "Postpurchase/1.0"


def client(base_url: str = "", **headers: str) -> httpx.Client:
    """A client that keeps its connection, follows no redirect and reads no proxy from the environment.

    For addresses that are ours or a carrier's. One that a merchant wrote is called by post() and get().
    """
    return httpx.Client(base_url=base_url, headers=headers, timeout=TIMEOUT, follow_redirects=False, trust_env=False)


class NoAnswer(Exception):
    """Nobody answered, or not in time, or not in HTTP. Trying again may help. The text is for the merchant."""


class NotSent(NoAnswer):
    """No connection could be made: nothing has left, and trying again is safe."""


def call(through: httpx.Client, method: str, url: str, **given: Any) -> httpx.Response:
    """One call for a library that writes its own requests; `given` is what httpx takes. Raises NotSent, and NoAnswer once it had left."""
    try:
        return through.request(method, url, **given)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise NotSent(f"no connection: {error}") from error
    except httpx.HTTPError as error:
        raise NoAnswer(f"no answer: {type(error).__name__}") from error


@dataclass(frozen=True)
class Answer:
    """What came back. A redirect is an answer like any other: it is not followed. `body` is its beginning."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def asked(self) -> int:
        """The seconds of its Retry-After, 0 without one."""
        return retry_after(self.headers)


def retry_after(headers: Iterable[tuple[str, str]]) -> int:
    """How many seconds an answer asks us to wait, told as such or as a date; 0 where it does not say. Whoever waits sets the bound."""
    told = next((value for name, value in headers if name.lower() == "retry-after"), "")
    if told.isdecimal():
        return int(told) if len(told) < 10 else 0
    try:
        until = parsedate_to_datetime(told)
        left = (until if until.tzinfo else until.replace(tzinfo=UTC)) - clock.machine_now()
    except (ValueError, OverflowError):  # no date, or one beyond the calendar
        return 0
    return max(ceil(left.total_seconds()), 0)


class _Bounded(httpcore.NetworkStream):
    """A connection that ends at a deadline, however slowly the other side drips, and after `most` bytes."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float, most: int) -> None:
        self.inner, self.deadline, self.most, self.got = inner, deadline, most, 0

    def _left(self) -> float:
        left = self.deadline - clock.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes. Raises ReadTimeout past the deadline, ReadError past the limit."""
        found = self.inner.read(max_bytes, timeout=self._left())
        self.got += len(found)
        if self.got > self.most:
            raise httpcore.ReadError(f"the answer is longer than {self.most // 1024} KiB")
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self.inner.write(buffer, timeout=self._left())

    def close(self) -> None:
        """Hang up."""
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same over TLS; the certificate must be the name's, whatever address we are connected to."""
        return _Bounded(self.inner.start_tls(ssl_context, server_hostname, timeout=self._left()), self.deadline, self.most)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows."""
        return self.inner.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were checked and asks no resolver again: what the name says meanwhile does not matter."""

    def __init__(self, addresses: list[str], deadline: float, most: int) -> None:
        self.addresses, self.deadline, self.most = addresses, deadline, most

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """The first of the addresses that answers. Raises ConnectError or ConnectTimeout."""
        failure: Exception = httpcore.ConnectTimeout()
        for address in self.addresses:
            left = self.deadline - clock.monotonic()
            if left <= 0:
                break
            try:
                inner = httpcore.SyncBackend().connect_tcp(address, port, timeout=min(left, CONNECT), socket_options=socket_options or [])
                return _Bounded(inner, self.deadline, self.most)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


BROKEN = (reach.Unknown, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = 15.0, keep: int = 2048, tls: ssl.SSLContext | None = None
) -> Answer:
    """POST to an address that a merchant wrote, within `seconds` in all. Keeps the first `keep` bytes of the answer's body.

    The host is looked up once, every address of it is checked (lib/reach.py), and the connection goes to a checked one under the name's
    own SNI and Host. Raises reach.Refused for an address that may not be called, NoAnswer where no answer came.
    """
    return ask("POST", url, headers, body, seconds=seconds, keep=keep, tls=tls)


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    seconds: float,
    keep: int,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """A call of any method, guarded as post() is. Keeps the first `keep` bytes of the answer's body. Raises as post() does."""
    deadline = clock.monotonic() + seconds
    try:
        sent = {"Accept-Encoding": "identity", "Connection": "close", **headers}
        with _talk(method, url, sent, body, _Limits(deadline, keep + MOST_READ), tls) as response:
            return Answer(response.status, _headers(response), _beginning(response, keep))
    except BROKEN as error:
        raise NoAnswer(_why(error, seconds)) from error


@dataclass(frozen=True)
class Fetched:
    """What stands at an address, unpacked. `url`: where it stood in the end. `whole`: nothing was cut off."""

    url: str
    kind: str  # of the content, in lower case: text/html
    charset: str
    body: bytes
    whole: bool


def get(url: str, *, accept: str, seconds: float, most: int, tls: ssl.SSLContext | None = None) -> Fetched:
    """What stands at an address that a merchant, or a page of theirs, wrote: its first `most` bytes, within `seconds` in all.

    Follows MOST_HOPS redirects, each checked as if it had been written by hand (post() says how). Raises reach.Refused for an address
    that may not be called, NoAnswer where no good answer came.
    """
    deadline = clock.monotonic() + seconds
    for _hop in range(MOST_HOPS + 1):
        found = _fetch(url, accept, _Limits(deadline, most + MOST_READ), most, tls, seconds)
        if isinstance(found, Fetched):
            return found
        url = found
    raise NoAnswer("It leads from one address to the next without end.")


def _fetch(url: str, accept: str, limits: "_Limits", most: int, tls: ssl.SSLContext | None, seconds: float) -> Fetched | str:
    """The content, or the address that it leads to."""
    sent = {"Accept": accept, "Accept-Encoding": "identity", "Connection": "close", "User-Agent": AGENT}
    try:
        with _talk("GET", url, sent, None, limits, tls) as response:
            named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in (301, 302, 303, 307, 308) and named.get("location"):
                return urljoin(url, named["location"]).partition("#")[0]
            if response.status != 200:
                raise NoAnswer(f"It answered {response.status}.")
            return _unpacked(url, named, _beginning(response, most + 1), most)
    except BROKEN as error:
        raise NoAnswer(_why(error, seconds)) from error


def _unpacked(url: str, named: Mapping[str, str], body: bytes, most: int) -> Fetched:
    """As it was before it was packed, no more than `most` of it: a few packed bytes may stand for gigabytes. Raises NoAnswer."""
    packing = named.get("content-encoding", "identity").strip().lower()
    if packing in ("gzip", "x-gzip", "deflate"):  # some pack although we asked for plain
        try:
            body = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, most + 1)
        except zlib.error as error:
            raise NoAnswer("What came back cannot be unpacked.") from error
    elif packing != "identity":
        raise NoAnswer("What came back is packed in a way that we did not ask for.")
    kind, _, rest = named.get("content-type", "").lower().partition(";")
    charset = rest.partition("charset=")[2].split(";")[0].strip(" \"'")
    return Fetched(url, kind.strip(), charset, body[:most], len(body) <= most)


class _Limits(NamedTuple):
    """When a conversation ends, and after how many bytes."""

    deadline: float
    most: int


@contextlib.contextmanager
def _talk(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None, limits: _Limits, tls: ssl.SSLContext | None
) -> Iterator[httpcore.Response]:
    """One call to one checked address. Raises reach.Refused, and BROKEN."""
    target = reach.target(url)
    addresses = reach.addresses(target, seconds=limits.deadline - clock.monotonic())
    backend = _Pinned(addresses, *limits)
    with (
        httpcore.ConnectionPool(ssl_context=tls or _trusted(), network_backend=backend, retries=0) as pool,
        pool.stream(method, target.url, headers=list(headers.items()), content=body) as response,
    ):
        yield response


def _headers(response: httpcore.Response) -> list[tuple[str, str]]:
    named = response.headers[:MOST_HEADERS]
    return [(name.decode("latin-1")[:100], value.decode("latin-1")[:LONGEST_HEADER]) for name, value in named]


def _beginning(response: httpcore.Response, keep: int) -> bytes:
    """The body's first bytes. The status has come: a body that breaks off or drips changes nothing."""
    found = b""
    try:
        for part in response.iter_stream():
            found += part
            if len(found) >= keep:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    return found[:keep]


def _why(error: Exception, seconds: float) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"Its certificate does not hold: {cause.verify_message}."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectTimeout | httpcore.ConnectError):
        return "No connection could be made."
    if isinstance(error, httpcore.TimeoutException):
        return f"No whole answer within {seconds:g} seconds."
    if isinstance(error, reach.Unknown):
        return str(error)
    if isinstance(error, httpcore.ProtocolError):
        return "What came back is not HTTP."
    return f"The connection broke off: {error}." if str(error) else "The connection broke off."
