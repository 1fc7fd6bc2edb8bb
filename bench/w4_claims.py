"""What a claim costs: beside few scheduled messages and beside millions; and while an open snapshot keeps dead entries from being removed."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from uuid import UUID

from bench import schedule
from bench.ground import Ground
from bench.harness import Must, Report, Sample
from notifications.claim import BATCH, Claims
from postpurchase.embedded.progress import Failure

TAKEN = 100  # messages of a claim beside others
DRAINED = 200_000
LAST = 20  # claims at either end of a drain
CLEAR = "DELETE FROM notifications_message WHERE dedupe_key LIKE 'due:%'"


def run(ground: Ground, report: Report) -> None:
    """Measure and judge both."""
    shops = [schedule.shop(ground, f"w4-claim-{number}", 1).merchant_id for number in range(10)]
    _beside(ground, report, shops)
    ground.sql("TRUNCATE notifications_message CASCADE")
    _under_snapshot(ground, report, shops)


def sizes(ground: Ground) -> list[int]:
    """How many scheduled messages claims are tried beside: from few to `rows`, each ten times the last."""
    found = [1_000] if ground.quick else [10_000]
    while found[-1] * 10 <= (10_000 if ground.quick else ground.rows):
        found.append(found[-1] * 10)
    return found


def _beside(ground: Ground, report: Report, shops: list[UUID]) -> None:
    """Claims of messages that are due, beside ever more that are not."""
    found, there = dict[int, float](), 0
    for size in sizes(ground):
        schedule.scheduled(ground, shops, size - there, f"{size}:", after=timedelta(days=1))
        found[size], there = _seconds(ground, shops), size
        report.figures[f"W4 claim of {TAKEN} beside {size:,}"] = Sample(1 / found[size], 0.0, found[size] * 1000)
    few, many = min(found), max(found)
    what = f"a claim beside {many:,} scheduled, against {few:,}"
    report.musts.append(Must("W4", what, _ms(found[many]), _ms(found[few]), found[many] / found[few], 1.3, most=True))


def _seconds(ground: Ground, shops: list[UUID]) -> float:
    """The median of a drain's claims. Of messages that no earlier claim had: a row has a few versions in its life, and one that is put
    back sixty times has sixty of them to walk past, which no shop ever sees.
    """
    count = 10 if ground.quick else 60
    ground.sql(CLEAR)
    schedule.scheduled(ground, shops, count * TAKEN, "due:", after=timedelta(seconds=-2 * count * TAKEN))
    ground.sql("VACUUM (ANALYZE, INDEX_CLEANUP ON) notifications_message")
    claims, taken = Claims(), list[float]()
    for _ in range(count):
        begin = perf_counter()
        _, found = claims.take(TAKEN)
        taken.append(perf_counter() - begin)
        if sum(map(len, found.values())) != TAKEN:
            raise Failure("A claim of the bench did not find its hundred messages.")
    return median(taken)


def _under_snapshot(ground: Ground, report: Report, shops: list[UUID]) -> None:
    """A drain to the end, by itself and while somebody reads in one long transaction."""
    count = 8_000 if ground.quick else DRAINED
    free = _drained(ground, shops, count, "free:")
    ground.sql("TRUNCATE notifications_message CASCADE")
    with _snapshot(ground):
        held = _drained(ground, shops, count, "held:")
    sides = {"a drain": free, "a drain, snapshot held": held}
    report.figures |= {f"W4 claim of {BATCH} in {name}": Sample(1 / median(took), 0.0, median(took) * 1000) for name, took in sides.items()}
    late, usual = median(held[-LAST:]), median(free[-LAST:])
    what = f"the last {LAST} claims of {count:,}, a snapshot held, against none"
    report.musts.append(Must("W4", what, _ms(late), _ms(usual), late / usual, 2.0, most=True))
    whole, alone = sum(held), sum(free)
    what = "all claims of that drain"
    report.musts.append(Must("W4", what, f"{whole:.2f} s", f"{alone:.2f} s", whole / alone, 2.0, most=True))


def _drained(ground: Ground, shops: list[UUID], count: int, name: str) -> list[float]:
    """Seconds of each claim until nothing is left; the one that finds nothing is the last."""
    schedule.scheduled(ground, shops, count, name, after=timedelta(days=-10))
    ground.sql("ANALYZE notifications_message")
    claims, taken, got = Claims(), list[float](), [BATCH]
    while got[-1]:
        begin = perf_counter()
        _, found = claims.take(BATCH)
        taken.append(perf_counter() - begin)
        got.append(sum(map(len, found.values())))
    if sum(got) != count + BATCH:
        raise Failure("A drain of the bench did not take every message once.")
    return taken


@contextlib.contextmanager
def _snapshot(ground: Ground) -> Iterator[None]:
    """Somebody who reads all of it in one transaction and has not finished."""
    with contextlib.closing(ground.admin()) as reader, reader.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM notifications_message LIMIT 1")
        yield


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
