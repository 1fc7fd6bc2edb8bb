"""W8: a draft lived through by 100,000 orders beside what is live, as the job does it, portion by portion."""

import resource
from time import perf_counter

from backtest import ask, work
from bench import story
from bench.ground import Ground
from bench.harness import Must, Report, Sample
from notifications import library
from notifications.editing import publish
from notifications.models import Flow
from postpurchase.embedded.progress import step
from postpurchase.jobs import eager
from postpurchase.lib import memory
from postpurchase.tenancy.scope import in_merchant

ORDERS, SECONDS, MEGABYTES = 100_000, 60.0, 64.0


def run(ground: Ground) -> Report:
    """Measure and judge: seconds for 100,000 orders, and how the memory grows from the first portions to the last."""
    report, shop = Report(), story.shop("w8")
    count = 5_000 if ground.quick else ORDERS
    with step(f"{count:,} orders with their pasts"):
        ground.script("pasts", {"merchant": str(shop.merchant_id), "connection": str(shop.api_id), "count": count})
        ground.sql("VACUUM ANALYZE orders_order, tracking_shipment, events_domainevent, notifications_consent")
    with eager.collected():
        with in_merchant(shop.merchant_id):
            library.install()
            flow = Flow.objects.get(key="follow-up")
            draft = publish.draft_of(flow)
            draft["steps"][0]["days"] = 5
            publish.save_draft(flow, draft, revision=flow.draft_revision)
            row = ask.begin(flow, days=90, by="bench", once="once-of-the-bench-0123456789")
        memory.settle()  # as every worker does before its first task
        began = perf_counter()
        work.slice_of(shop.merchant_id, row.pk, seconds=0.1)
        before = _megabytes()
        while work.slice_of(shop.merchant_id, row.pk):
            pass
        took = (perf_counter() - began) * ORDERS / count
    grown = _megabytes() - before
    report.figures["W8 orders"] = Sample(ORDERS / took)
    report.musts += [
        Must("W8", "seconds for 100,000 orders, both sides", f"{took:.1f} s", f"{SECONDS:.0f} s", took / SECONDS, 1.0, most=True),
        Must("W8", "memory grown over all portions", f"{grown:.0f} MB", f"{MEGABYTES:.0f} MB", grown / MEGABYTES, 1.0, most=True),
    ]
    return report


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
