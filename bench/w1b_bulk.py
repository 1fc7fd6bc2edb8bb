"""W1b: 500 orders a POST over 2 connections, beside the same batch in direct SQL by pgbench over as many."""

from bench import direct, load, story
from bench.ground import Ground
from bench.harness import Report

SIZE, CONNECTIONS = 500, 2


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report, shop = Report(), story.shop("w1b")
    sql = direct.batch(ground, shop, "bulk", SIZE)
    body = b'{"orders":[' + b",".join(story.as_json(story.order(index)) for index in range(SIZE)) + b"]}"
    body = body.replace(story.MARK.encode(), story.HOLE)
    with ground.web() as web:
        raw = load.post("/api/v1/orders/bulk", web.port, body, Authorization=f"Bearer {shop.key}")
        request = load.varied(raw, story.HOLE, story.tag)
        sides = {
            "API": ground.http(web, request, wanted=200, connections=CONNECTIONS, each=SIZE),
            "direct SQL": ground.pgbench("w1b", sql, connections=CONNECTIONS, each=SIZE),
        }
        found = ground.compare("W1b", sides, report)
    report.rate("W1b", f"orders a second, {SIZE} a call, {CONNECTIONS} connections", found, ours="API", theirs="direct SQL", at_least=0.5)
    return report
