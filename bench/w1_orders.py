"""W1: one order of three lines a POST, 16 connections, durable; beside the same SQL by pgbench (Y1) and a naive DRF view."""

from collections.abc import Callable

from bench import direct, load, story
from bench.ground import Ground, Web
from bench.harness import Report
from bench.naive import place


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report, shop = Report(), story.shop("w1")
    sql = direct.batch(ground, shop, "one", 1)
    naive = place.prepare(ground)
    with ground.web() as ours, ground.web("bench.naive.wsgi:application", **naive) as theirs:
        sides = {
            "API": ground.http(ours, _request(ours, "/api/v1/orders", shop.key), wanted=201),
            "Y1 pgbench": ground.pgbench("w1", sql),
            "naive DRF": ground.http(theirs, _request(theirs, "/orders", place.KEY), wanted=201),
        }
        found = ground.compare("W1", sides, report)
    report.rate("W1", "orders a second, 16 connections", found, ours="API", theirs="Y1 pgbench", at_least=0.2)
    report.cpu("W1", "CPU an order against naive DRF", found, ours="API", theirs="naive DRF", at_most=0.25)
    return report


def _request(web: Web, path: str, key: str) -> Callable[[], bytes]:
    body = story.as_json(story.order()).replace(story.MARK.encode(), story.HOLE)
    return load.varied(load.post(path, web.port, body, Authorization=f"Bearer {key}"), story.HOLE, story.tag)
