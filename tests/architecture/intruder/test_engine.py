"""The intruder sees what she is there to see: tried on addresses of which each has one known fault."""

import pytest
from django.urls import path, re_path

from tests.architecture.intruder import sample_urls
from tests.architecture.intruder.build import tenant_models
from tests.architecture.intruder.fixture import Fixture, row, slug
from tests.architecture.intruder.intruder import Stage, own_answers, try_route
from tests.architecture.intruder.routes import Route, routes
from tests.architecture.intruder.sample_urls import GOOD, LEAKY
from tests.architecture.intruder.world import nowhere

pytestmark = pytest.mark.urls("tests.architecture.intruder.sample_urls")
FIXTURE = Fixture(
    path={"slug": slug, "order_id": row("orders.Order"), "token": row("orders.Order")},
    secrets=frozenset({"token"}),
)


@pytest.mark.parametrize("pattern", GOOD)
def test_an_address_that_behaves_is_left_alone(stage: Stage, pattern: str) -> None:
    assert try_route(stage, Route(pattern, ""), FIXTURE) == []
    assert stage.asked >= 50


@pytest.mark.parametrize("pattern", LEAKY)
def test_each_kind_of_fault_is_seen(stage: Stage, pattern: str, caplog: pytest.LogCaptureFixture) -> None:
    faults = try_route(stage, Route(pattern, ""), FIXTURE)

    assert [fault for fault in faults if LEAKY[pattern][1] in fault] != [], faults


def test_the_shop_itself_reaches_its_rows_so_the_ids_mean_something(stage: Stage) -> None:
    page, act, api = (Route(pattern, "") for pattern in GOOD)

    assert statuses(stage, page, "GET") == [302, 200, 302, 302, 302]  # shopper, owner, three keys
    assert statuses(stage, act, "POST") == [302, 302, 302, 302, 302]
    assert statuses(stage, api, "GET") == [401, 401, 200, 200, 200]


def statuses(stage: Stage, route: Route, method: str) -> list[int]:
    return [answer.status for answer in own_answers(stage, route, FIXTURE, method)]


def test_the_resolver_is_walked_to_its_leaves() -> None:
    assert [route.pattern for route in routes("tests.architecture.intruder.sample_urls")] == ["log-in/", *GOOD, *LEAKY]


def test_a_pattern_that_cannot_be_filled_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_urls, "urlpatterns", [path("", sample_urls.lists), re_path(r"^x/(\d+)$", sample_urls.lists)])

    with pytest.raises(ValueError, match=r"write it with path\(\)"):
        routes("tests.architecture.intruder.sample_urls")


def test_nowhere_has_an_id_of_its_own_for_everything(stage: Stage) -> None:
    ghost = nowhere(stage.bob)

    assert ghost.ids.keys() == stage.bob.ids.keys()
    assert not set(map(str, ghost.ids.values())) & set(map(str, stage.bob.ids.values()))
    assert len(stage.bob.ids) >= len(tenant_models())
