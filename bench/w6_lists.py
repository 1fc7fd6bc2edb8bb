"""W6: the list of orders, its first page and one almost a million orders further down, over HTTP."""

import itertools
from statistics import median
from time import perf_counter

from bench import load, story
from bench.ground import Ground, Web
from bench.harness import Must, Report, Sample
from bench.story import Shop
from orders.models import Order
from postpurchase.embedded.progress import Failure, step
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import paging

ORDERS, DEEP = 1_000_000, 990_000


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report, shop = Report(), story.shop("w6")
    count, deep = (50_000, 49_000) if ground.quick else (ORDERS, DEEP)
    with step(f"{count:,} orders"):
        ground.script("orders", {"merchant": str(shop.merchant_id), "connection": str(shop.api_id), "count": count})
        ground.sql("VACUUM ANALYZE orders_order")
    with ground.web() as web:
        first, last = _page(web, shop, ""), _page(web, shop, "&cursor=" + _cursor(shop, deep))
        before, after = _milliseconds(web, first, last, 40 if ground.quick else 300)
    report.figures |= {
        "W6 first page": Sample(1000 / before, 0.0, before),
        f"W6 page at {deep:,}": Sample(1000 / after, 0.0, after),
    }
    report.musts.append(
        Must("W6", f"50 orders at {deep:,} against the first", f"{after:.1f} ms", f"{before:.1f} ms", after / before, 1.2, most=True)
    )
    return report


def _page(web: Web, shop: Shop, cursor: str) -> bytes:
    return load.get(f"/api/v1/orders?limit=50{cursor}", web.port, Authorization=f"Bearer {shop.key}")


def _cursor(shop: Shop, depth: int) -> str:
    with in_merchant(shop.merchant_id):
        row = Order.objects.order_by("-placed_at", "-id").values("placed_at", "id")[depth : depth + 1].get()
    return paging.cursor_after(row)


def _milliseconds(web: Web, first: bytes, last: bytes, count: int) -> tuple[float, float]:
    """Medians over one connection, the two pages in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    line = load.Line(web.port)
    for number in itertools.chain(range(-20, 0), range(count)):
        for page, waits in zip((first, last), taken, strict=True):
            begin = perf_counter()
            line.send(page)
            status = 0
            while not status:
                status = line.answer()
            if status != 200:
                raise Failure(f"The list of orders answered {status}.")
            if number >= 0:
                waits.append((perf_counter() - begin) * 1000)
    line.socket.close()
    return median(taken[0]), median(taken[1])
