"""Ann's people, and people without a log-in, ask for what is Bob's."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.architecture.intruder.ask import METHODS, SAFE, Answer, compose, put_question
from tests.architecture.intruder.checksum import Sums, changed, sums
from tests.architecture.intruder.personas import Persona, team
from tests.architecture.intruder.registry import Fixture
from tests.architecture.intruder.routes import Route
from tests.architecture.intruder.world import World, build, nowhere


@dataclass
class Stage:
    """Two shops, everybody who asks, and what the database held before."""

    ann: World
    bob: World
    strangers: list[Persona]
    before: Sums
    asked: int = 0
    faults: list[str] = field(default_factory=list)


def set_stage() -> Stage:
    """Ann's shop and Bob's, each with a row in every table."""
    ann, bob = build("ann", "ottercanary"), build("bob", "marmotcanary")
    strangers = [Persona("nobody"), *team(ann)]
    return Stage(ann, bob, strangers, sums())


def try_route(stage: Stage, route: Route, fixture: Fixture) -> list[str]:
    """What is wrong with a route, in words; [] for nothing."""
    for persona in stage.strangers:
        for method in METHODS:
            for own_shop in aims(route, fixture):
                stage.faults += (
                    f"{method} {route} by {persona.name}: {fault}" for fault in _try(stage, route, fixture, method, persona, own_shop)
                )
    return stage.faults


def aims(route: Route, fixture: Fixture) -> list[bool]:
    """At Bob's address, and Bob's ids at Ann's own address, where the address names the shop."""
    names_shop = any(name in fixture.shop for name in route.params)
    return [False, True] if names_shop else [False]


def _try(stage: Stage, route: Route, fixture: Fixture, method: str, persona: Persona, own_shop: bool) -> Iterator[str]:
    ask = compose(route, fixture, method, stage.ann, stage.bob, own_shop=own_shop)
    foreign = put_question(persona, ask)
    stage.asked += 1
    yield from faults_of(stage, fixture, method, foreign)
    if foreign.status == 405:
        return
    missing = put_question(persona, compose(route, fixture, method, stage.ann, nowhere(stage.bob), own_shop=own_shop))
    stage.asked += 1
    if not foreign.same_as(missing):
        yield f"a foreign id is answered {foreign.status}, a random one {missing.status}{difference(foreign, missing)}"


def faults_of(stage: Stage, fixture: Fixture, method: str, answer: Answer) -> Iterator[str]:
    """What one answer to a stranger may not be or do."""
    if answer.status >= 500:
        yield f"answers {answer.status}"
    if stage.bob.word in answer.everything:
        yield "shows Bob's data"
    touched = changed(stage.before, answer.sums) if answer.sums is not None else set()
    if theirs := {table for table, owner in touched if owner in stage.bob.owners()}:
        yield f"changes Bob's rows in {', '.join(sorted(theirs))}"
    if method in SAFE and touched and not fixture.writes_on_get:
        yield f"a safe method changes {', '.join(sorted({table for table, _ in touched}))}"


def difference(foreign: Answer, missing: Answer) -> str:
    """Where the two part, for the reader of the failure."""
    if foreign.headers != missing.headers:
        return f": {foreign.headers} and {missing.headers}"
    for a, b in zip(foreign.text.splitlines(), missing.text.splitlines(), strict=False):
        if a != b:
            return f": {a.strip()[:120]!r} and {b.strip()[:120]!r}"
    return ", one longer than the other" if foreign.text != missing.text else ""


def own_answers(stage: Stage, route: Route, fixture: Fixture, method: str) -> list[int]:
    """The statuses that Bob's own people get for his own ids, secrets untouched."""
    open_fixture = Fixture(fixture.path, fixture.body, fixture.query, fixture.shop)
    ask = compose(route, open_fixture, method, stage.bob, stage.bob, own_shop=True)
    return [put_question(persona, ask).status for persona in (Persona("shopper"), *team(stage.bob)[3:])]
