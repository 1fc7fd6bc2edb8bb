"""Every address x every method x everybody: another shop's ids are answered like ids that nobody has, and nothing changes."""

import pytest

from tests.architecture.intruder.ask import SAFE
from tests.architecture.intruder.fixture import Fixture
from tests.architecture.intruder.intruder import Stage, own_answers, try_route
from tests.architecture.intruder.registry import FIXTURES
from tests.architecture.intruder.routes import Route, routes

ROUTES = routes()
QUESTIONS = 7000  # there are more; fewer would mean that something has stopped asking
tried: set[str] = set()


def test_every_address_has_its_fixture() -> None:
    missing = [route.pattern for route in ROUTES if route.pattern not in FIXTURES]
    unfilled = [
        f"{r.pattern}: {name}" for r in ROUTES for name in r.params if r.pattern in FIXTURES and name not in FIXTURES[r.pattern].path
    ]

    assert missing == [], "say in tests/architecture/intruder/registry_*.py how to fill them"
    assert unfilled == []
    assert FIXTURES.keys() - {route.pattern for route in ROUTES} == set()


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_stranger_learns_and_changes_nothing(stage: Stage, route: Route) -> None:
    before = stage.asked

    faults = try_route(stage, route, FIXTURES[route.pattern])

    print(f"{route}: {stage.asked - before} questions")
    assert faults == []
    tried.add(route.pattern)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_the_shop_itself_gets_through_and_sees_its_rows(stage: Stage, route: Route) -> None:
    fixture = FIXTURES[route.pattern]
    answers = {method: own_answers(stage, route, fixture, method) for method in fixture.works}

    assert fixture.works or fixture.unprovable, "without a method that works for the shop itself, a 404 for strangers proves nothing"
    assert [method for method in fixture.works if min(answer.status for answer in answers[method]) >= 400] == []
    read = [answer.everything for method in fixture.works if method in SAFE for answer in answers[method]]
    if read and names_a_row(route, fixture):
        assert any(stage.bob.word in text for text in read), "the rows of world.py show nothing on this page: give them shapes"


def names_a_row(route: Route, fixture: Fixture) -> bool:
    return bool(route.params) and not fixture.silent


def test_the_questions_are_many(stage: Stage) -> None:
    if tried != {route.pattern for route in ROUTES}:
        pytest.skip("only some of the addresses were tried")

    print(f"{stage.asked} questions at {len(ROUTES)} addresses")
    assert stage.asked >= QUESTIONS
