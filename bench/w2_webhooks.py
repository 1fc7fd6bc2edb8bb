"""W2: signed carrier webhooks, received and processed (scans, status, facts), beside the same writes by pgbench (Y1)."""

import contextlib
import itertools
import signal
import sys
from collections.abc import Callable, Iterator
from time import perf_counter, sleep
from uuid import UUID

from bench import load, story
from bench.ground import Ground, Web, until
from bench.harness import Report, Sample
from bench.story import HOLE, MARK, Shop
from postpurchase.embedded import parts, process
from postpurchase.embedded.progress import Failure

PARCELS = 20_000
PLACE = "N" * 12  # the parcel's number in a body that is ready but for it
WAITING = (
    """SELECT count(*) FROM integrations_inbounddelivery WHERE merchant_id = %s AND connection_id = %s AND state IN ('due', 'claimed')"""
)
WRONG = "SELECT state, error FROM integrations_inbounddelivery WHERE merchant_id = %s AND state <> 'done' LIMIT 1"


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report, ours, theirs = Report(), story.shop("w2"), story.shop("w2-y1")
    source, other = story.carrier(ours), story.carrier(theirs)
    _prepare(ground, ours, source, theirs, other)
    with ground.web() as web, _worker(ground) as worker:
        request = _requests(web, source)
        sides = {
            "webhooks": lambda: _processed(ground, web, worker, request, ours, source),
            "Y1 pgbench": ground.pgbench("w2", "SELECT bench.track()"),
        }
        found = ground.compare("W2", sides, report)
    if wrong := ground.sql(WRONG, [str(ours.merchant_id)]):
        raise Failure(f"A webhook of the bench ended as {wrong[0]}.")
    report.rate("W2", "webhooks a second, received and processed", found, ours="webhooks", theirs="Y1 pgbench", at_least=0.2)
    return report


def _prepare(ground: Ground, ours: Shop, source: UUID, theirs: Shop, other: UUID) -> None:
    ground.script("track")
    body = story.webhook("JD0000000000").decode()
    ground.sql("INSERT INTO bench.carrier VALUES (%s, %s, %s, %s)", [str(theirs.merchant_id), str(other), '{"host": "127.0.0.1"}', body])
    for shop, connection in ((ours, source), (theirs, other)):
        ground.script("parcels", {"merchant": str(shop.merchant_id), "connection": str(connection), "count": PARCELS})
    ground.sql("VACUUM ANALYZE")


def _requests(web: Web, source: UUID) -> Callable[[], bytes]:
    """Every request is about the next parcel, has its own event id and is signed."""
    template, path, numbers = story.webhook(PLACE).replace(MARK.encode(), HOLE), story.inbound_path(source), itertools.count()

    def request() -> bytes:
        number = f"JD{1 + next(numbers) % PARCELS:010d}"
        body = template.replace(HOLE, story.tag().encode()).replace(PLACE.encode(), number.encode())
        return load.post(path, web.port, body, X_Hmac_Signature=story.signature(body))

    return request


def _processed(ground: Ground, web: Web, worker: int, request: Callable[[], bytes], shop: Shop, source: UUID) -> Sample:
    """Send for a while, then wait until everything sent has been processed; the time for both counts."""
    values = [str(shop.merchant_id), str(source)]
    with ground.counted(web.pid, worker) as spent:
        begin = perf_counter()
        sent = load.run(web.port, 16, ground.seconds, request)
        until(lambda: ground.sql(WAITING, values) == [(0,)], 120, lambda: sleep(0.05), "The end of the inbox")
        seconds = perf_counter() - begin
    if set(sent.statuses) != {200}:
        raise Failure(f"The inbound door answered {dict(sent.statuses)}.")
    done = len(sent.waits)
    return Sample(done / seconds, spent[0] / done, sent.p99, spent[1] / done)


@contextlib.contextmanager
def _worker(ground: Ground) -> Iterator[int]:
    """The product's worker on the inbound queue, two processes; yields its pid."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "postpurchase.celery:app",
        "worker",
        "-Q",
        "inbound",
        "-c",
        "2",
        "-l",
        "WARNING",
        *parts.QUIET,
    ]
    child = ground.spawn(ground.log("worker"), *command)
    try:
        yield child.pid
    finally:
        process.stop([(child, signal.SIGTERM)], 10)
