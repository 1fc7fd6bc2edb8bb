"""W4: due messages to real SMTP by two processes, beside django-post-office; what a claim costs; and whether a small merchant waits."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter, sleep

from bench import schedule
from bench.crew import Crew, crew, sink
from bench.ground import Ground, until
from bench.harness import Must, Report, Sample
from bench.story import Shop
from notifications import claim
from notifications.cases import load
from notifications.models import Message, State, Stream
from notifications.render import render
from postpurchase.embedded.progress import Failure
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

SHOPS, EACH = 4, 500
FEW, MANY = 10_000, 1_000_000
BACKLOG = 100_000
PEER = "bench_peer"


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report = Report()
    with sink(ground) as port:
        _throughput(ground, report, port)
        ground.sql("TRUNCATE notifications_message CASCADE")
        _fairness(ground, report, port)
    ground.sql("TRUNCATE notifications_message CASCADE")
    _claims(ground, report)
    return report


def _throughput(ground: Ground, report: Report, port: int) -> None:
    each = 50 if ground.quick else EACH
    shops = [(schedule.shop(ground, f"w4-{number}", each), f"w4-{number}") for number in range(SHOPS)]
    peer = _peer(ground, port)
    with crew(ground, "ours", EMAIL_URL=f"smtp://127.0.0.1:{port}") as ours, crew(ground, "peer", **peer) as theirs:

        def load_ours() -> None:
            for one, name in shops:
                schedule.due(one, name, each)

        load_ours()
        template = ground.running.state.path / "shipped.html"
        template.write_text(_sample(shops[0][0]))
        ours.tell("go")
        ground.sql("VACUUM ANALYZE")
        count = each * SHOPS
        sides = {
            "dispatch": lambda: _sent(ground, ours, count, load_ours),
            "post_office": lambda: _sent(ground, theirs, count, lambda: theirs.tell(f"queue {count} {template}")),
        }
        found = ground.compare("W4", sides, report)
        unsent, untried, undecided = ground.script("unsent")[0]
        if unsent or untried or undecided:
            raise Failure(f"{unsent} messages were not sent, {untried} without an attempt, {undecided} without a decision.")
    report.rate("W4", "messages a second, 2 processes, real SMTP", found, ours="dispatch", theirs="post_office", at_least=1.5)


def _sent(ground: Ground, by: Crew, count: int, prepare: Callable[[], object]) -> Sample:
    prepare()
    with ground.counted(*by.pids) as spent:
        seconds = by.tell("go")
    return Sample(count / seconds, spent[0] / count, None, spent[1] / count)


def _peer(ground: Ground, port: int) -> dict[str, str]:
    ground.sql(f"DROP DATABASE IF EXISTS {PEER} WITH (FORCE)", database="postgres")
    ground.sql(f"CREATE DATABASE {PEER} OWNER postpurchase_owner", database="postgres")
    address = ground.postgres.owner_url.rpartition("/")[0] + f"/{PEER}"
    found = {"PEER_DATABASE_URL": address, "PEER_SMTP_PORT": str(port), "DJANGO_SETTINGS_MODULE": "bench.peers.settings"}
    ground.manage("migrate", "--noinput", **found)
    return found


def _sample(of: Shop) -> str:
    """The mail as we draw it, its number and link left open: the peer sends as many bytes, and has less to draw."""
    with in_merchant(of.merchant_id):
        message = Message.objects.select_related("enrolment__version", "enrolment__flow").order_by("id")[0]
        case = load([message])[0]
        html, number = render(case).html, case.order.number if case.order else ""
    return html.replace(number, "{{ number }}")


def _claims(ground: Ground, report: Report) -> None:
    """Claims of 100 messages that are due, beside few and then many that are not."""
    shops = [schedule.shop(ground, f"w4-claim-{number}", 1).merchant_id for number in range(10)]
    few, many = (1_000, 20_000) if ground.quick else (FEW, MANY)
    schedule.scheduled(ground, shops, few, "few:", after=timedelta(days=1))
    schedule.scheduled(ground, shops, 100, "due:", after=timedelta(seconds=-200))
    before = _claim_seconds(ground)
    schedule.scheduled(ground, shops, many - few, "many:", after=timedelta(days=1))
    after = _claim_seconds(ground)
    figures = {f"W4 claim of 100 beside {few:,}": before, f"W4 claim of 100 beside {many:,}": after}
    report.figures |= {name: Sample(1 / seconds, 0.0, seconds * 1000) for name, seconds in figures.items()}
    what, ours, theirs = f"a claim beside {many:,} scheduled, against {few:,}", f"{after * 1000:.1f} ms", f"{before * 1000:.1f} ms"
    report.musts.append(Must("W4", what, ours, theirs, after / before, 1.3, most=True))


def _claim_seconds(ground: Ground) -> float:
    ground.sql("VACUUM ANALYZE notifications_message")
    taken = []
    for _ in range(10 if ground.quick else 60):
        begin = perf_counter()
        _, found = claim.claim(100)
        taken.append(perf_counter() - begin)
        if sum(map(len, found.values())) != 100:
            raise Failure("A claim of the bench did not find its hundred messages.")
        ground.sql("UPDATE notifications_message SET state = 'due', lease_until = NULL, lease_token = NULL WHERE dedupe_key LIKE 'due:%'")
    return median(taken)


def _fairness(ground: Ground, report: Report, port: int) -> None:
    """How much later a small merchant's message leaves beside one with a backlog."""
    big, small = (schedule.shop(ground, f"w4-{name}", 1) for name in ("big", "small"))
    backlog = 5_000 if ground.quick else BACKLOG
    with crew(ground, "ours", EMAIL_URL=f"smtp://127.0.0.1:{port}") as senders:
        senders.tell("loop")
        idle = [_delay(small) for _ in range(12)]
        schedule.scheduled(ground, [big.merchant_id], backlog, "backlog:", after=timedelta(days=-3))
        ground.sql("VACUUM ANALYZE notifications_message")  # a server's own comes within a minute; a backlog is not made in a second
        busy = [_delay(small) for _ in range(12)]
        with in_merchant(big.merchant_id):
            left = Message.objects.filter(state=State.DUE).count()
    if not left:
        raise Failure("The backlog was gone before the small merchant's messages were: nothing was measured.")
    later = max(busy) - median(idle)
    what = f"seconds later beside {backlog:,} due, worst of 12"
    report.musts.append(Must("W4", what, f"{max(busy):.2f} s", f"{median(idle):.2f} s", later, 1.0, most=True))


def _delay(of: Shop) -> float:
    with in_merchant(of.merchant_id):
        made = Message.objects.create(
            template="access_code", stream=Stream.TRANSACTIONAL, to_address="shopper@example.com", context={"code": "1", "minutes": 9},
            dedupe_key=f"small:{perf_counter()}", due_at=clock.business_now(),
        )  # fmt: skip

    def sent() -> bool:
        with in_merchant(of.merchant_id):
            return Message.objects.filter(pk=made.pk, state=State.SENT).exists()

    return until(sent, 60, lambda: sleep(0.01), "A small merchant's message")
