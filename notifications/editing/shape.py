"""How a flow is drawn: chains of steps, forks with their ways side by side, and where ways meet again.

Pure; a draft with faults is drawn too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from notifications.definition import Definition, End, Split, Step, Trial, Until, Wait, ways

TOP = ".start"  # the connection from the trigger to the first step


@dataclass
class Item:
    """A step in a chain. A fork has ways, and `join`, where at least two of them meet again ('' is the end); None where none do."""

    step: Step
    ways: list["Way"] = field(default_factory=list)
    join: str | None = None


@dataclass
class Chain:
    """Steps one below the other. `entry` names the connection into it; `exit` is where it leads: '' is the end, None nowhere any more."""

    entry: str
    items: list[Item] = field(default_factory=list)
    exit: str | None = None


@dataclass
class Way:
    """One way out of a fork, by its place among notifications.definition.ways()."""

    slot: int
    chain: Chain


@dataclass(frozen=True)
class Spot:
    """Where a step stands: in which chain, at which place, and inside which ways, the innermost last."""

    chain: Chain
    at: int
    inside: tuple[tuple["Spot", int], ...]

    @property
    def item(self) -> Item:
        """The step itself."""
        return self.chain.items[self.at]


@dataclass
class Drawing:
    """The whole flow, from the trigger down, and the steps that no way leads to."""

    chain: Chain
    loose: list[Step]


def below(item: Item) -> str:
    """The name of the connection that leads on from a step; from a fork, the one from where its ways have met."""
    return f"{item.step.id}.below" if item.ways else f"{item.step.id}.0"


def into(chain: Chain, at: int) -> str:
    """The name of the connection into a place of the chain."""
    return below(chain.items[at - 1]) if at else chain.entry


def forks(step: Step) -> bool:
    """Whether a step is drawn with its ways side by side. A wait is, where what happens without its anchor is a way of its own."""
    if isinstance(step, Wait):
        return step.missing is not None and step.missing.next not in ("", step.next)
    return isinstance(step, Split | Trial | Until)


def drawn_ways(step: Step) -> list[str]:
    """Where the drawn ways of a step lead."""
    return ways(step) if forks(step) else ways(step)[:1]


def draw(flow: Definition) -> Drawing:
    """The drawing of a linked definition."""
    pen = _Pen(flow)
    chain = pen.chain(flow.start, TOP, frozenset({""}))
    return Drawing(chain, [step for step in flow.steps if step.id not in pen.done])


def walk(chain: Chain, inside: tuple[tuple[Spot, int], ...] = ()) -> Iterator[Spot]:
    """Every step of a chain and of its ways, as it is read: from top to bottom, way after way."""
    for at, item in enumerate(chain.items):
        spot = Spot(chain, at, inside)
        yield spot
        for number, way in enumerate(item.ways):
            yield from walk(way.chain, (*inside, (spot, number)))


def exits(item: Item) -> list[tuple[str, int]]:
    """The ways (step, slot) that leave a step and all that hangs in it towards what follows it."""
    if not item.ways:
        return [] if isinstance(item.step, End) else [(item.step.id, 0)]
    found = []
    for way in item.ways:
        if way.chain.exit is not None and way.chain.exit == item.join:
            last = way.chain.items[-1] if way.chain.items else None
            found += exits(last) if last else [(item.step.id, way.slot)]
    return found


class _Pen:
    def __init__(self, flow: Definition) -> None:
        self.known = {step.id: step for step in flow.steps}
        self.done: set[str] = set()
        self.rank: dict[str, int] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._order(flow.start)

    def _order(self, start: str) -> None:
        """Rank steps so that each stands before those it leads to, and gather what each reaches. Loops do not trap it."""
        opened, closed = set[str](), list[str]()
        todo = [(start, False)]
        while todo:
            node, over = todo.pop()
            if node not in self.known:
                continue
            if over:
                closed.append(node)
                on = drawn_ways(self.known[node])
                self._reach[node] = frozenset({node}).union(*(self._reach.get(way, frozenset({way})) for way in on))
            elif node not in opened:
                opened.add(node)
                todo += [(node, True), *((way, False) for way in drawn_ways(self.known[node]))]
        self.rank = {node: rank for rank, node in enumerate(reversed(closed))}

    def _join(self, on: list[str]) -> str | None:
        reached = [self._reach.get(way, frozenset({way})) for way in on]
        shared = {node for place, one in enumerate(reached) for node in one for other in reached[place + 1 :] if node in other}
        return min(shared, key=lambda node: self.rank.get(node, len(self.rank)), default=None)

    def chain(self, node: str, entry: str, stops: frozenset[str]) -> Chain:
        """From a step down to where the chain ends or runs into what is drawn elsewhere."""
        drawn = Chain(entry)
        while node in self.known and node not in stops and node not in self.done:
            item = Item(self.known[node])
            drawn.items.append(item)
            self.done.add(node)
            on = drawn_ways(item.step)
            if not on:
                return drawn
            if forks(item.step):
                item.join = self._join(on)
                self._fork(item, on, stops if item.join is None else stops | {item.join})
                if item.join is None:
                    return drawn
            node = on[0] if item.join is None else item.join
        drawn.exit = node
        return drawn

    def _fork(self, item: Item, on: list[str], stops: frozenset[str]) -> None:
        item.ways = [Way(slot, self.chain(way, f"{item.step.id}.{slot}", stops)) for slot, way in enumerate(on)]
