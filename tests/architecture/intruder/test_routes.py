"""Every address x every method x everybody: another shop's ids are answered like ids that nobody has, and nothing changes."""

import pytest

from tests.architecture.intruder.intruder import Stage, own_answers, set_stage, try_route
from tests.architecture.intruder.registry import FIXTURES
from tests.architecture.intruder.routes import Route, routes

ROUTES = routes()
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None) -> Stage:
    return set_stage()


def test_every_address_has_its_fixture() -> None:
    missing = [route.pattern for route in ROUTES if route.pattern not in FIXTURES]
    unfilled = [
        f"{r.pattern}: {name}" for r in ROUTES for name in r.params if r.pattern in FIXTURES and name not in FIXTURES[r.pattern].path
    ]

    assert missing == [], "say in tests/architecture/intruder/registry.py how to fill them"
    assert unfilled == []
    assert FIXTURES.keys() - {route.pattern for route in ROUTES} == set()


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_stranger_learns_and_changes_nothing(stage: Stage, route: Route) -> None:
    faults = try_route(stage, route, FIXTURES[route.pattern])

    print(f"{route}: {stage.asked} questions")
    assert faults == []


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_the_shop_itself_gets_through(stage: Stage, route: Route) -> None:
    fixture = FIXTURES[route.pattern]

    assert fixture.works or fixture.unprovable, "without a method that works for the shop itself, a 404 for strangers proves nothing"
    assert [method for method in fixture.works if min(own_answers(stage, route, fixture, method)) >= 400] == []
