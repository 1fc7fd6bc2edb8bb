"""How a ratio is taken: sides run in turn, round after round; the first round warms up, the median of the others counts."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass(frozen=True)
class Sample:
    """One side in one round. `rate` is operations a second, `cpu` microseconds of server and database an operation (`database`: the
    database's part), `p99` milliseconds.
    """

    rate: float
    cpu: float = 0.0
    p99: float | None = None
    database: float = 0.0


Side = Callable[[], Sample]


def rounds(sides: dict[str, Side], count: int, say: Callable[[str], None] = lambda text: None) -> dict[str, list[Sample]]:
    """Run every side once a round, in alternating order, `count` rounds after one that is thrown away."""
    found: dict[str, list[Sample]] = {name: [] for name in sides}
    for number in range(count + 1):
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in order:
            sample = sides[name]()
            say(f"{'warm-up' if number == 0 else f'round {number}'}: {name} {sample.rate:,.0f}/s")
            if number:
                found[name].append(sample)
    return found


def typical(samples: Sequence[Sample]) -> Sample:
    """The median of each figure."""
    tails = [sample.p99 for sample in samples if sample.p99 is not None]
    rate, cpu, database = (median(getattr(s, name) for s in samples) for name in ("rate", "cpu", "database"))
    return Sample(rate, cpu, median(tails) if tails else None, database)


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over rounds of ours / theirs: what else the machine did in a round touched both."""
    return median(mine / other if other else float("inf") for mine, other in zip(ours, theirs, strict=True))


@dataclass(frozen=True)
class Must:
    """One judged ratio. `most`: it must not be larger than `bound`; otherwise not smaller."""

    workload: str
    what: str
    ours: str
    yardstick: str
    ratio: float
    bound: float
    most: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is met."""
        return self.ratio <= self.bound if self.most else self.ratio >= self.bound

    def as_dict(self) -> dict[str, object]:
        """For the JSON file."""
        return asdict(self) | {"holds": self.holds}


@dataclass
class Report:
    """What one workload found: judged ratios, and the figures behind them."""

    musts: list[Must] = field(default_factory=list)
    figures: dict[str, Sample] = field(default_factory=dict)

    def rate(self, workload: str, what: str, sides: dict[str, list[Sample]], *, ours: str, theirs: str, at_least: float) -> None:
        """Judge throughput: ours must be at least so many times theirs."""
        mine, other = sides[ours], sides[theirs]
        ratio = paired([s.rate for s in mine], [s.rate for s in other])
        told, yardstick = f"{typical(mine).rate:,.0f}/s", f"{typical(other).rate:,.0f}/s"
        self.musts.append(Must(workload, what, told, yardstick, ratio, at_least))

    def cpu(self, workload: str, what: str, sides: dict[str, list[Sample]], *, ours: str, theirs: str, at_most: float) -> None:
        """Judge CPU of server and database an operation: ours must be at most so many times theirs."""
        mine, other = sides[ours], sides[theirs]
        ratio = paired([s.cpu for s in mine], [s.cpu for s in other])
        told, yardstick = f"{typical(mine).cpu:,.0f} us", f"{typical(other).cpu:,.0f} us"
        self.musts.append(Must(workload, what, told, yardstick, ratio, at_most, most=True))

    def keep(self, workload: str, sides: dict[str, list[Sample]]) -> None:
        """Keep the medians for the second table."""
        self.figures |= {f"{workload} {name}": typical(samples) for name, samples in sides.items()}

    def add(self, other: "Report") -> None:
        """Take over what another workload found."""
        self.musts += other.musts
        self.figures |= other.figures

    @property
    def holds(self) -> bool:
        """Whether every must is met."""
        return bool(self.musts) and all(must.holds for must in self.musts)


def table(report: Report) -> str:
    """Both tables as text: the musts, then rate, CPU an operation and p99 of every side."""
    rows = [("workload", "what", "ours", "yardstick", "ratio", "must", "")]
    for must in report.musts:
        bound = f"{'<=' if must.most else '>='} {must.bound:g}"
        verdict = "holds" if must.holds else "MISSED"
        rows.append((must.workload, must.what, must.ours, must.yardstick, f"{must.ratio:.2f}", bound, verdict))
    sides: list[tuple[str, ...]] = [("side", "a second", "CPU us an operation", "of it database", "p99 ms")]
    for name, sample in report.figures.items():
        tail = "" if sample.p99 is None else f"{sample.p99:.1f}"
        spent = [f"{value:,.0f}" if value else "" for value in (sample.cpu, sample.database)]
        sides.append((name, f"{sample.rate:,.1f}", *spent, tail))
    return f"{_aligned(rows)}\n\n{_aligned(sides)}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
