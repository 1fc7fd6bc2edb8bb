"""The bench's arithmetic: rounds, medians, paired ratios, verdicts."""

import os

import pytest

from bench import load, measure
from bench.harness import Must, Report, Sample, paired, rounds, table, typical


def test_sides_run_in_alternating_order_and_the_first_round_does_not_count() -> None:
    ran: list[str] = []

    def side(name: str) -> Sample:
        ran.append(name)
        return Sample(float(len(ran)))

    found = rounds({"a": lambda: side("a"), "b": lambda: side("b")}, 2)

    assert ran == ["a", "b", "b", "a", "a", "b"]
    assert {name: [sample.rate for sample in samples] for name, samples in found.items()} == {"a": [4.0, 5.0], "b": [3.0, 6.0]}


def test_the_typical_sample_has_the_median_of_each_figure() -> None:
    samples = [Sample(10, 300, 5.0, 100), Sample(30, 100, None, 50), Sample(20, 200, 9.0, 10)]

    assert typical(samples) == Sample(20, 200, 7.0, 50)


def test_a_ratio_pairs_the_sides_of_each_round() -> None:
    ours, theirs = [10.0, 50.0, 30.0], [20.0, 100.0, 10.0]

    assert paired(ours, theirs) == 0.5


def test_a_side_that_did_nothing_is_infinitely_slower() -> None:
    assert paired([1.0], [0.0]) == float("inf")


@pytest.mark.parametrize(("ratio", "most", "holds"), [(0.2, False, True), (0.19, False, False), (0.2, True, True), (0.21, True, False)])
def test_a_must_holds_at_its_bound(ratio: float, most: bool, holds: bool) -> None:
    assert Must("W", "what", "1", "2", ratio, 0.2, most).holds is holds


def test_a_report_judges_rates_and_cpu_and_holds_only_if_every_must_does() -> None:
    report, sides = Report(), {"ours": [Sample(50, 100)], "theirs": [Sample(100, 400)]}

    report.rate("W1", "rate", sides, ours="ours", theirs="theirs", at_least=0.5)
    report.cpu("W1", "cpu", sides, ours="ours", theirs="theirs", at_most=0.2)

    assert [(must.ratio, must.holds) for must in report.musts] == [(0.5, True), (0.25, False)]
    assert not report.holds
    assert "MISSED" in table(report)


def test_a_report_without_a_must_does_not_hold() -> None:
    assert not Report().holds


def test_p99_is_the_wait_that_99_of_100_stay_below() -> None:
    found = load.Load(1.0, waits=[number / 1000 for number in range(100, 0, -1)])

    assert (found.rate, found.p99) == (100.0, 100.0)


def test_requests_differ_where_the_hole_was() -> None:
    names = iter(["one", "two"])
    request = load.varied(load.post("/o", 80, b'"???"'), b"???", lambda: next(names))

    assert [request().rpartition(b"\r\n\r\n")[2] for _ in range(2)] == [b'"one"', b'"two"']


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="CPU time of a tree is read from /proc")  # noqa: PTH110
def test_cpu_of_a_process_tree_grows_with_work() -> None:
    before = measure.cpu_of([os.getpid()])
    while measure.cpu_of([os.getpid()]) - before < 20_000:
        sum(range(10_000))

    assert measure.cpu_of([0]) >= 0
