"""W4: due messages to real SMTP by two processes, beside django-post-office and beside first come, first served; what a claim costs; and
whether a small merchant waits.
"""

import base64
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter, sleep

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench import schedule, w4_claims
from bench.crew import Crew, crew, sink
from bench.ground import Ground, until
from bench.harness import Must, Report, Sample
from bench.story import Shop
from notifications.cases import load
from notifications.models import Message, State, Stream
from notifications.render import render
from postpurchase.embedded.progress import Failure
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

SHOPS, EACH = 4, 500
BACKLOG = 100_000
PEER = "bench_peer"
BY_TIME = "CREATE INDEX bench_by_time ON notifications_message (due_at) WHERE state = 'due'"  # what serving by time alone would need


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report = Report()
    with sink(ground) as port:
        _throughput(ground, report, port)
        ground.sql("TRUNCATE notifications_message CASCADE")
        _fairness(ground, report, port)
    ground.sql("TRUNCATE notifications_message CASCADE")
    w4_claims.run(ground, report)
    return report


def _throughput(ground: Ground, report: Report, port: int) -> None:
    each = 50 if ground.quick else EACH
    shops = [(schedule.shop(ground, f"w4-{number}", each), f"w4-{number}") for number in range(SHOPS)]
    everything = _everything(port)

    def load_ours() -> None:
        for one, name in shops:
            schedule.due(one, name, each)

    with crew(ground, "ours", **everything) as ours, crew(ground, "peer", **_peer(ground, port)) as theirs:
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
        _all_sent(ground)
    report.rate("W4", "messages a second, 2 processes, real SMTP", found, ours="dispatch", theirs="post_office", at_least=3)
    ground.sql(BY_TIME)
    with crew(ground, "ours", **everything) as ours, crew(ground, "by_time", **everything) as others:
        sides = {
            "fairly": lambda: _sent(ground, ours, count, load_ours),
            "first come": lambda: _sent(ground, others, count, load_ours),
        }
        found = ground.compare("W4", sides, report)
        _all_sent(ground)
    ground.sql("DROP INDEX bench_by_time")
    report.rate("W4", f"{SHOPS} merchants served fairly, or by time alone", found, ours="fairly", theirs="first come", at_least=0.85)


def _everything(port: int) -> dict[str, str]:
    """Every mail signed, as every installation should: under a key of the usual kind and size."""
    pem = generate_private_key(public_exponent=65537, key_size=2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "DKIM_KEY": f"bench:{base64.b64encode(pem).decode()}"}


def _all_sent(ground: Ground) -> None:
    unsent, untried, undecided = ground.script("unsent")[0]
    if unsent or untried or undecided:
        raise Failure(f"{unsent} messages were not sent, {untried} without an attempt, {undecided} without a decision.")


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


def _fairness(ground: Ground, report: Report, port: int) -> None:
    """How much later a small merchant's message leaves beside one with a backlog."""
    big, small = (schedule.shop(ground, f"w4-{name}", 1) for name in ("big", "small"))
    backlog = 5_000 if ground.quick else BACKLOG
    with crew(ground, "ours", **_everything(port)) as senders:
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
