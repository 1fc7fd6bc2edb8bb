"""House rules over the syntax tree. Each has its reason, the way out, and samples that the tests prove it on."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.architecture.finders import (
    clock_reads,
    compared_secrets,
    every_tenants,
    float_money,
    http_clients,
    inner_imports,
    long_waits,
    prints,
    public_without_docstring,
    queued_by_hand,
    signals_used,
    spliced_sql,
    untyped,
)

Finder = Callable[[ast.Module], Iterator[int]]


@dataclass(frozen=True)
class Rule:
    """`allowed`: path or folder -> why it may. A folder ends with a slash. Every entry has been reviewed."""

    name: str
    reason: str
    fix: str
    good: str
    bad: tuple[str, ...]
    find: Finder
    allowed: Mapping[str, str] = field(default_factory=dict)

    def allows(self, path: str) -> bool:
        return any(path == entry or (entry.endswith("/") and path.startswith(entry)) for entry in self.allowed)


TOOLS = {  # they run beside the product, on one machine
    "manage.py": "starts before anything is installed",
    "postpurchase/embedded/": "starts and watches the development services of this machine",
    "console/": "commands that measure or play a simulation, at a terminal",
    "bench/": "measures the real machine",
}

RULES = [
    Rule(
        name="no Django signals",
        reason="a signal is a call that the caller cannot see: order, errors and transactions become a surprise",
        fix="call the function, or publish a fact and handle it with @on(Fact)",
        good="from anymail.signals import AnymailTrackingEvent\n@on(OrderPlaced)\ndef enrol(fact): pass",
        bad=(
            "from django.dispatch import receiver",
            "from django.db.models.signals import post_save",
            "from django.db.models import signals",
            "import django.db.models.signals",
            "post_save.connect(f)",
            "@receiver(post_save)\ndef f(**k): pass",
        ),
        find=signals_used,
    ),
    Rule(
        name="tasks are enqueued by postpurchase.jobs only",
        reason="a task handed over inside a transaction runs before COMMIT, or for work that was rolled back",
        fix="task.enqueue(merchant, ...), or nudge.after_commit(name, merchant)",
        good="relay.enqueue(merchant)",
        bad=("relay.delay(1)", "relay.apply_async([1])", "app.send_task('x')", "on_commit(relay.delay)", "chain(relay.si(1))"),
        find=queued_by_hand,
        allowed={"postpurchase/jobs/": "the one place that talks to the broker"},
    ),
    Rule(
        name="no HTTP client outside lib/http",
        reason="a call without a time-out hangs a worker; one without the address guard reaches inside the network",
        fix="postpurchase.lib.http.client()",
        good="from postpurchase.lib import http",
        bad=(
            "import httpx",
            "import requests",
            "from urllib import request",
            "import urllib.request",
            "import aiohttp",
            "import http.client",
        ),
        find=http_clients,
        allowed={"postpurchase/lib/http.py": "the one place"} | TOOLS,
    ),
    Rule(
        name="no clock outside lib/clock",
        reason="business time can be frozen and advanced: a stray clock makes simulations and tests lie",
        fix="clock.business_now() for what is due, clock.machine_now() and clock.monotonic() for leases and time-outs",
        good="""
at = datetime(2026, 1, 1)
now = clock.business_now()
here = timezone.localtime(at)
sql = 'UPDATE t SET lease_until = clock_timestamp()'
""",
        bad=(
            "timezone.now()",
            "datetime.now(UTC)",
            "datetime.datetime.utcnow()",
            "date.today()",
            "default=datetime.date.today",
            "time.time()",
            "timezone.localtime()",
            "time.perf_counter()",
            "from time import monotonic",
            "from django.db.models.functions import Now",
            "cursor.execute('SELECT 1 WHERE due_at < now()')",
            "cursor.execute('UPDATE t SET at = CURRENT_TIMESTAMP')",
        ),
        find=clock_reads,
        allowed={"postpurchase/lib/clock.py": "the one place", "integrations/inbox.py": "leases, by the database's one clock"} | TOOLS,
    ),
    Rule(
        name="secrets are compared in constant time",
        reason="== stops at the first difference, and the time it took tells where that was",
        fix="postpurchase.lib.signing.same(given, wanted)",
        good="signing.same(given_signature, wanted)\nif token == '': pass\nif len(token) == 22: pass",
        bad=("if signature == wanted: pass", "ok = given != row.api_token", "digest(a) == digest(b)", "hmac_hex(k, b) == given"),
        find=compared_secrets,
    ),
    Rule(
        name="every_tenant() in sweeps, commands and tests only",
        reason="it lifts row level security: a door that uses it shows one merchant another's rows",
        fix="in_merchant(), or a gate function that returns ids only",
        good="with in_merchant(merchant): pass",
        bad=("with every_tenant('why'): pass", "with scope.every_tenant('why'): pass"),
        find=every_tenants,
        allowed={
            "postpurchase/tenancy/scope.py": "defines it",
            "postpurchase/jobs/usage.py": "counts rows by merchant and day, for a sweep; nothing of a row is read but whose it is",
            "notifications/awake.py": "finds merchants whose flows have a step that is due, for a sweep; nothing is read but their ids",
            "postpurchase/jobs/forget.py": "deletes what is old, for sweeps; nothing of a row is read but its id",
            "notifications/claim.py": "claims due messages fairly over all merchants; each is then handled in its own scope",
            **{
                f"{app}/pulse.py": "counts for monitoring; nothing of a row leaves but how many there are and how long they wait"
                for app in ("notifications", "integrations", "postpurchase/events")
            },
            "notifications/rates.py": "who has bounces, and whose messages rest; each is then counted and let go in its own scope",
            "domains/check.py": "who has proved the same host; one that lost it is released in its own scope",
            "integrations/webhooks/claim.py": "claims due deliveries fairly over all merchants; each is then handled in its own scope",
        }
        | TOOLS,
    ),
    Rule(
        name="no long waits in the broker",
        reason="a task that waits past the visibility time-out runs twice; a lost broker loses it",
        fix="a due_at column and a sweep",
        good="send.apply_async([1], countdown=30)",
        bad=("send.apply_async([1], countdown=61)", "send.apply_async([1], eta=later)", "self.retry(countdown=2 ** n)"),
        find=long_waits,
    ),
    Rule(
        name="no print",
        reason="nobody reads the standard output of a web process",
        fix="logging, or self.stdout in a command",
        good="log.info('done')",
        bad=("print('done')",),
        find=prints,
        allowed=TOOLS,
    ),
    Rule(
        name="a docstring on everything public",
        reason="the name says what; units, time zones, money and errors need a sentence",
        fix="say what it does, in which units, and what it raises",
        good='class A:\n    """An a."""\n    def b(self) -> None:\n        """Do b."""\n    def _c(self): pass\n    class Meta: pass',
        bad=("def f(): pass", "class A: pass", 'class A:\n    """An a."""\n    def b(self): pass'),
        find=public_without_docstring,
        allowed={"manage.py": "the door itself; its help text documents it"},
    ),
    Rule(
        name="every signature is typed",
        reason="an untyped argument is a question at every call",
        fix="annotate arguments and the return",
        good="def f(a: int, *b: str, **c: object) -> None: pass\nclass A:\n    def g(self) -> None: pass",
        bad=("def f(a) -> None: pass", "def f(a: int): pass", "def f(*a) -> None: pass", "class A:\n    def g(self, x) -> None: pass"),
        find=untyped,
    ),
    Rule(
        name="money is never a float",
        reason="0.1 + 0.2: a cent is lost sooner or later",
        fix="integer minor units; postpurchase.lib.money.to_minor() reads decimals",
        good="total = int(row['total'])\nratio = float(weight)",
        bad=(
            "x = float(order.total)",
            "x = float(data['unit_price'])",
            "amount: float = 0",
            "def f(price: float) -> None: pass",
            "tax = models.FloatField()",
        ),
        find=float_money,
    ),
    Rule(
        name="SQL text comes from constants",
        reason="a value spliced into SQL is an injection; row level security does not stop one",
        fix="parameters for values, upper-case constants for everything else",
        good="""
INSERT = f'INSERT INTO t ({names(COLUMNS)})'
cursor.execute(f'SELECT {COLUMNS} FROM t WHERE id = %s', [x])
rows_of(Order, 'id = ANY(%s)', ids)
log.info(f'selected {x}')
""",
        bad=(
            "cursor.execute(f'SELECT * FROM t WHERE id = {x}')",
            "cursor.execute(f'SELECT * FROM t WHERE id = {quoted(x)}')",
            "sql = f'UPDATE {table} SET x = 1'",
            "cursor.execute('DELETE FROM t WHERE id = %s' % x)",
            "sql = 'SELECT * FROM {}'.format(table)",
            "sql = 'SELECT * FROM ' + table",
            "rows_of(Order, f'id = {x}')",
            "rows_of(Order, where)",
        ),
        find=spliced_sql,
        allowed={
            "postpurchase/tenancy/gates.py": "splices the names of our own functions and %s marks",
            "postpurchase/tenancy/rows.py": "splices the names of a model's own table and columns",
            "postpurchase/tenancy/security.py": "writes DDL for migrations from quoted model names",
            "notifications/lanes.py": "splices a table, a column and a condition that its two callers write as constants",
            "postpurchase/embedded/": "creates roles and databases whose names it chose itself",
            "bench/": "makes yardsticks on servers of its own, out of its own numbers",
        },
    ),
    Rule(
        name="our own modules are imported at the top",
        reason="an import inside a function hides a cycle between floors",
        fix="import at the top; if that fails, the code stands on the wrong floor",
        good="from orders.models import Order\ndef f() -> None:\n    import json",
        bad=(
            "def f() -> None:\n    from orders.models import Order",
            "class A:\n    import tracking.models",
            "def f() -> None:\n    from . import models",
        ),
        find=inner_imports,
        allowed={
            "manage.py": "Django exists only after the first step has installed it",
            "postpurchase/embedded/bootstrap.py": "runs before that step",
            "console/crash/worker.py": "a process of its own, which sets Django up first",
            "bench/senders.py": "a process of its own, which sets Django up first",
        },
    ),
]
