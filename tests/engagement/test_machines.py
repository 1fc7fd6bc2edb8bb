"""People told apart from what opens mail without being one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from notifications.engagement import machines
from notifications.models import Engagement, Flow, Link, Message
from notifications.results.counts import Period, Result, by_step
from postpurchase.lib import clock, crypto
from tests.engagement.conftest import READER, hidden, paths
from tests.sms.conftest import NOW

pytestmark = pytest.mark.django_db
Mail = Callable[..., str]


@pytest.mark.parametrize(
    ("agent", "why"),
    [
        (READER, ""),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", ""),
        ("Mozilla/5.0", "proxy"),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "proxy"),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "proxy"),
        ("Barracuda Sentinel (EE)", "scanner"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "scanner"),
        ("python-requests/2.32", "scanner"),
        ("", "no_agent"),
    ],
)
def test_some_say_what_they_are(agent: str, why: str) -> None:
    assert machines.why(agent=agent, since_sent=timedelta(minutes=1)) == why


def test_nobody_is_as_fast_as_a_machine() -> None:
    assert machines.why(agent=READER, since_sent=timedelta(seconds=1)) == "too_soon"
    assert machines.why(agent=READER, since_sent=timedelta(seconds=2)) == ""
    assert machines.why(agent=READER, head=True) == "head"
    assert machines.why(agent=READER, trap=True) == "trap"


def kept() -> list[tuple[str, bool, str]]:
    return list(Engagement.objects.order_by("id").values_list("kind", "machine", "why"))


def visit(path: str, agent: str = READER) -> int:
    return Client().get(path, headers={"User-Agent": agent}).status_code


def test_an_opening_and_a_click_are_kept_with_who_came(mail: Mail) -> None:
    *clicks, pixel = paths(mail())

    assert visit(pixel) == 200
    assert visit(clicks[0]) == 302
    assert Client().head(clicks[0], headers={"User-Agent": READER}).status_code == 302

    assert kept() == [("open", False, ""), ("click", False, ""), ("click", True, "head")]
    assert Engagement.objects.filter(machine=False).values_list("agent", flat=True).distinct().get() == READER


def test_who_follows_the_link_that_nobody_sees_is_a_machine(mail: Mail) -> None:
    assert visit(hidden(mail())) == 204

    assert kept() == [("click", True, "trap")]


def test_who_follows_every_link_at_once_is_a_machine_from_the_first(mail: Mail) -> None:
    mail()
    Link.objects.update(targets=["https://a.example/", "https://b.example/", "https://c.example/"])
    link = Link.objects.get()

    for place in range(3):
        visit(f"/c/{crypto.link_token(type(link.pk)(int=link.pk.int | place))}")

    assert kept() == [("click", True, "burst")] * 3


def test_who_reads_first_and_then_follows_another_is_a_person(mail: Mail, now: clock.Hands) -> None:
    html = mail()
    first, second, *_ = [path for path in paths(html) if path.startswith("/c/") and path != hidden(html)]

    visit(first)
    now.advance(timedelta(seconds=20))
    visit(second)
    visit(second)

    assert [machine for _kind, machine, _why in kept()] == [False, False, False]


def test_results_count_people_once(mail: Mail, now: clock.Hands) -> None:
    flow = Flow.objects.create(key="shipped", name="Shipped")
    *clicks, pixel = paths(mail(flow=flow, node="email"))
    unread = mail(flow=flow, node="email")
    mail(flow=flow, node="email", to_address="nobody", expires_at=None)
    for path in (pixel, pixel, clicks[0], clicks[0], clicks[0]):
        visit(path)
    visit(paths(unread)[-1], "Mozilla/5.0")

    assert by_step(flow.pk, Period(NOW, NOW + timedelta(hours=2))) == {"email": Result(sent=2, delivered=0, opened=1, clicked=1)}
    assert by_step(flow.pk, Period(NOW + timedelta(hours=2), NOW + timedelta(hours=3))) == {}
    assert Message.objects.filter(flow=flow).count() == 3
