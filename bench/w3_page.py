"""W3: the tracking page. Cold beside a naive ORM page; unchanged (304 or from memory) beside the least that Django can do (Y2)."""

import itertools
from collections.abc import Callable

from bench import load
from bench.ground import Ground, Web
from bench.harness import Report
from bench.naive import place
from postpurchase.embedded.progress import Failure
from postpurchase.lib import crypto

SOMEBODY = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"  # whose views are counted
PAGES = 20_000  # more than the shelf holds, so that each is drawn anew when its turn comes again


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report = Report()
    count = 2_000 if ground.quick else PAGES
    orders = [order_id for (order_id,) in ground.script("pages", {"count": count})]
    naive = place.prepare(ground)
    ground.script("naive_pages", {"count": count}, database=place.NAME)
    for database in ("postpurchase", place.NAME):
        ground.sql("VACUUM ANALYZE", database=database)
    application = "bench.naive.wsgi:application"
    with ground.web() as ours, ground.web(application, **naive) as theirs, ground.web(application, BARE="1", **naive) as bare:
        tokens = [crypto.link_token(order_id) for order_id in orders]
        unchanged = load.get(f"/t/{tokens[0]}", ours.port, User_Agent=SOMEBODY)
        sides = {
            "cold": ground.http(ours, _each(ours, "/t/", tokens[1:]), wanted=200),
            "naive page": ground.http(theirs, _each(theirs, "/track/page-", [str(n) for n in range(1, count + 1)]), wanted=200),
            "304": ground.http(
                ours, _same(load.get(f"/t/{tokens[0]}", ours.port, User_Agent=SOMEBODY, If_None_Match=_etag(ours, unchanged))), wanted=304
            ),
            "from memory": ground.http(ours, _same(unchanged), wanted=200),
            "Y2 hello": ground.http(bare, _same(load.get("/hello", bare.port)), wanted=200),
        }
        found = ground.compare("W3", sides, report)
    report.rate("W3", "pages a second, cold", found, ours="cold", theirs="naive page", at_least=2.0)
    report.rate("W3", "answers a second, 304", found, ours="304", theirs="Y2 hello", at_least=0.4)
    report.rate("W3", "pages a second, from memory", found, ours="from memory", theirs="Y2 hello", at_least=0.4)
    return report


def _each(web: Web, path: str, names: list[str]) -> Callable[[], bytes]:
    turn = itertools.cycle(names)
    return lambda: load.get(path + next(turn), web.port, User_Agent=SOMEBODY)


def _same(raw: bytes) -> Callable[[], bytes]:
    return lambda: raw


def _etag(web: Web, page: bytes) -> str:
    line, status = load.Line(web.port), 0
    line.send(page)
    while not status:
        status = line.answer()
    line.socket.close()
    named = [part.split(b": ", 1)[1].decode() for part in line.head.split(b"\r\n") if part.lower().startswith(b"etag: ")]
    if status != 200 or not named:
        raise Failure(f"The tracking page answered {status}.", "read the web server's log in .run/bench.")
    return named[0]
