"""Every act of the dashboard stands in the merchant's log, or has a reason not to: read from the URL table, tried on a real shop."""

import pytest
from django.urls import get_resolver

from tests.architecture.intruder.checksum import changed
from tests.architecture.intruder.intruder import Stage, own_answers
from tests.architecture.intruder.registry import FIXTURES
from tests.architecture.intruder.routes import routes

AT = "m/<slug:slug>/"
UNLOGGED = {
    "first-steps/close/": "puts a hint away",
    "imports/<import:import_id>/look/": "reads the head of a file in another way; its upload and its run are logged",
    "imports/<import:import_id>/check/": "reads the file, takes nothing",
    "imports/<import:import_id>/change/": "goes back to the columns",
    "audit/check/": "reads the log",
    "domains/<domain:domain_id>/check/": "asks the DNS",
    "filters/add/": "keeps the address of a list under a name",
    "filters/<filter:filter_id>/rename/": "keeps it under another name",
    "filters/<filter:filter_id>/remove/": "it can be brought back",
    "filters/<filter:filter_id>/restore/": "brings it back",
    "brand/preview/": "keeps nothing",
    "brand/leave/": "puts a suggestion away",
    "alerts/change/": "one's own choice of what to hear",
    "alerts/channel/test/": "greets the chat",
    "connections/<connection:connection_id>/mapping/look/": "shows what a mapping would read, and keeps nothing",
    "jobs/ask/": "asks before anything is done",
}
ELSEWHERE = {  # their fixtures cannot work for the shop itself: tests/dashboard/test_audit.py tries them
    "imports/add/": "needs a file",
    "imports/<import:import_id>/run/": "needs an import that was checked",
    "imports/<import:import_id>/change/": "needs an import that was checked",
    "connections/<connection:connection_id>/file/": "needs a file",
    "points/file/": "needs a file; sent in tests/dashboard/test_points.py",
    "team/left/": "the last owner cannot leave",
    "messages/<message:message_id>/held/": "the shop's message has left",
}


def acts() -> list[str]:
    """The patterns below /m/<slug>/ that take POST."""
    found = []
    for resolver in get_resolver().url_patterns:
        for inner in getattr(resolver, "url_patterns", []):
            if getattr(inner, "namespace", "") == "dashboard":
                found += [str(one.pattern) for one in inner.url_patterns if "POST" in one.callback.methods]
    return found


def test_the_table_of_acts_is_read_and_its_exceptions_exist() -> None:
    assert len(acts()) >= 36
    assert UNLOGGED.keys() | ELSEWHERE.keys() <= set(acts())


@pytest.mark.parametrize("pattern", acts())
def test_an_act_is_logged(stage: Stage, pattern: str) -> None:
    if pattern in ELSEWHERE:
        pytest.skip(f"{ELSEWHERE[pattern]}; tried in tests/dashboard/test_audit.py")
    route = next(route for route in routes() if route.pattern == AT + pattern)
    bob = stage.bob.id("tenancy.Merchant")

    answers = own_answers(stage, route, FIXTURES[route.pattern], "POST")

    done = [answer for answer in answers if answer.status < 400 and "/sign-in/" not in answer.headers.get("Location", "")]
    assert done, "nobody of the shop itself got through"
    logged = [("tenancy_auditentry", bob) in changed(stage.before, answer.sums or stage.before) for answer in done]
    assert set(logged) == {pattern not in UNLOGGED}
