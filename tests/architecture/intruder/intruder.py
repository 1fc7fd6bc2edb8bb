"""Ann's people, and people without a log-in, ask for what is Bob's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.architecture.intruder.ask import METHODS, SAFE, Aim, Answer, compose, put_question
from tests.architecture.intruder.build import build
from tests.architecture.intruder.checksum import Sums, changed, sums
from tests.architecture.intruder.fixture import Fixture
from tests.architecture.intruder.personas import Persona, strongest
from tests.architecture.intruder.routes import Route
from tests.architecture.intruder.world import World, nowhere


@dataclass
class Stage:
    """Two shops, everybody who asks, Bob's own people, and what the database held before. `strangers`: nobody first."""

    ann: World
    bob: World
    strangers: list[Persona]
    own: list[Persona]
    before: Sums
    asked: int = 0


def set_stage() -> Stage:
    """Ann's shop and Bob's, each with a row in every table."""
    ann, bob = build("ann", "ottercanary"), build("bob", "marmotcanary")
    owner, key = strongest(bob)
    return Stage(ann, bob, [Persona("nobody"), *strongest(ann)], [Persona("shopper"), owner, key, *key.below], sums())


def try_route(stage: Stage, route: Route, fixture: Fixture) -> list[str]:
    """What is wrong with a route, in words; [] for nothing."""
    return [fault for method in METHODS for fault in _by_everybody(stage, route, fixture, method)]


def _by_everybody(stage: Stage, route: Route, fixture: Fixture, method: str) -> Iterator[str]:
    """Nobody, the strongest of each kind, and those below her where a lesser rank can make a difference."""
    nobody: list[Answer] = []
    for persona in stage.strangers:
        answers, faults = _by(stage, route, fixture, method, persona)
        yield from faults
        nobody = nobody or answers
        if lesser_ranks_matter(method, answers, nobody):
            for lesser in persona.below:
                yield from _by(stage, route, fixture, method, lesser)[1]


def lesser_ranks_matter(method: str, strongest: list[Answer], nobody: list[Answer]) -> bool:
    """Whether those who may do less are to be asked too, after the strongest of their kind.

    Not where she is answered as nobody is: a key at a page and a person at the API are nobody there, of whatever rank. Not where the
    method is not there (405 is said after the rank was looked at, and before any row is). And not with HEAD, which is GET without its
    text: with GET they are asked.
    """
    as_nobody = all(hers.same_as(theirs) for hers, theirs in zip(strongest, nobody, strict=True))
    return method != "HEAD" and not as_nobody and all(answer.status != 405 for answer in strongest)


def _by(stage: Stage, route: Route, fixture: Fixture, method: str, persona: Persona) -> tuple[list[Answer], list[str]]:
    """What she is answered for Bob's ids, aim by aim, and what is wrong with it."""
    answers, faults = [], []
    for aim in aims(stage, route, fixture, method):
        answer = put_question(persona, compose(route, fixture, method, stage.bob, aim))
        found = [*faults_of(stage, fixture, method, answer)]
        stage.asked += 1
        if answer.status != 405:
            missing = put_question(persona, compose(route, fixture, method, nowhere(stage.bob), aim))
            stage.asked += 1
            if not answer.same_as(missing):
                found.append(f"a foreign id is answered {answer.status}, a random one {missing.status}{difference(answer, missing)}")
        answers.append(answer)
        faults += [f"{method} {route} by {persona.name}: {fault}" for fault in found]
    return answers, faults


def aims(stage: Stage, route: Route, fixture: Fixture, method: str) -> Iterator[Aim]:
    """At Bob's address; Bob's ids at Ann's own address, where the address names the shop; then at what is Ann's own there."""
    shop, own = fixture.shop & set(route.params), fixture.own & set(route.params)
    for hers in dict.fromkeys((frozenset[str](), shop, shop | own)):
        yield Aim(stage.ann, stage.bob, hers)
        if method == "GET":
            yield from (Aim(stage.ann, stage.bob, hers, query) for query in fixture.more)


def faults_of(stage: Stage, fixture: Fixture, method: str, answer: Answer) -> Iterator[str]:
    """What one answer to a stranger may not be or do."""
    if answer.status >= 500 and not (answer.status == 503 and fixture.alarm):
        yield f"answers {answer.status}"
    if stage.bob.word in without(answer.everything, stage.bob, fixture.shows):
        yield "shows Bob's data"
    touched = changed(stage.before, answer.sums) if answer.sums is not None else set()
    if theirs := {table for table, owner in touched if owner in stage.bob.owners()} - (fixture.appends if method == "POST" else set()):
        yield f"changes Bob's rows in {', '.join(sorted(theirs))}"
    if method in SAFE and touched and not fixture.writes_on_get:
        yield f"a safe method changes {', '.join(sorted({table for table, _ in touched}))}"


def without(text: str, world: World, labels: tuple[str, ...]) -> str:
    """The text less what anybody may read: the texts of these rows."""
    said = {value for label in labels for value in world.texts[label]}
    for value in sorted(said, key=len, reverse=True):
        text = text.replace(value, "")
    return text


def difference(foreign: Answer, missing: Answer) -> str:
    """Where the two part, for the reader of the failure."""
    if foreign.headers != missing.headers:
        return f": {foreign.headers} and {missing.headers}"
    for a, b in zip(foreign.text.splitlines(), missing.text.splitlines(), strict=False):
        if a != b:
            return f": {a.strip()[:120]!r} and {b.strip()[:120]!r}"
    return ", one longer than the other" if foreign.text != missing.text else ""


def own_answers(stage: Stage, route: Route, fixture: Fixture, method: str) -> list[Answer]:
    """What Bob's own people get for his own ids, secrets untouched."""
    aim = Aim(stage.bob, stage.bob, frozenset(route.params))
    ask = compose(route, replace(fixture, secrets=frozenset()), method, stage.bob, aim)
    return [put_question(persona, ask) for persona in stage.own]
