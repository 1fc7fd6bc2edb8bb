"""Which workloads there are, and how a run goes."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import direct, w1_orders, w1b_bulk, w2_webhooks, w3_page, w4_dispatch, w6_lists, w8_backtest
from bench.ground import Ground
from bench.harness import Report, table

WORKLOADS: dict[str, Callable[[Ground], Report]] = {
    "W1": w1_orders.run,
    "W1b": w1b_bulk.run,
    "W2": w2_webhooks.run,
    "W3": w3_page.run,
    "W4": w4_dispatch.run,
    "W6": w6_lists.run,
    "W8": w8_backtest.run,
}


def run(ground: Ground, wanted: Sequence[str], file: Path | None) -> bool:
    """Run the workloads from an empty database; prints both tables and the verdict. Whether every must holds."""
    ground.fresh()
    direct.prepare(ground)
    report = Report()
    for name in wanted:
        report.add(WORKLOADS[name](ground))
    ground.say(f"\n{table(report)}\n")
    if file:
        file.write_text(json.dumps(as_dict(report, ground), indent=1) + "\n")
    missed = [f"{must.workload} {must.what}" for must in report.musts if not must.holds]
    ground.say(f"verdict: missed: {'; '.join(missed)}" if missed else f"verdict: all {len(report.musts)} musts hold")
    return report.holds


def as_dict(report: Report, ground: Ground) -> dict[str, object]:
    """For the JSON file."""
    figures = {name: vars(sample) for name, sample in report.figures.items()}
    how = {"seconds": ground.seconds, "rounds": ground.rounds, "quick": ground.quick}
    return {"holds": report.holds, **how, "musts": [must.as_dict() for must in report.musts], "figures": figures}
