"""Runs killable senders over a pile of messages until enough have died and every message has come to an end; then counts."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from integrations.opening import open_merchant
from notifications.models import Attempt, Guarantee, Message, State, Stream
from postpurchase.embedded.mailbox import Mailbox
from postpurchase.lib import clock
from postpurchase.lib.ids import random_token
from postpurchase.tenancy.scope import every_tenant, in_merchant

PATIENCE = 120.0  # seconds without any progress before the run is called stuck
OVER = (State.SENT, State.UNKNOWN, State.FAILED, State.SKIPPED, State.EXPIRED)


@dataclass
class Counts:
    """What came of one policy."""

    policy: str
    messages: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    stalls: int = 0
    once: int = 0
    duplicates: int = 0
    missing: int = 0  # neither arrived nor listed as doubtful or failed
    doubtful: int = 0
    doubtful_arrived: int = 0
    unlisted: int = 0  # doubtful without an attempt row

    @property
    def holds(self) -> bool:
        """Whether the policy kept its promise; the naive control must break it."""
        if self.policy == "naive":
            return self.duplicates > 0
        clean = self.missing == 0 and self.unlisted == 0
        return clean and (self.policy == Guarantee.AT_LEAST_ONCE or self.duplicates == 0) and (self.policy == "amo" or self.doubtful == 0)

    def as_dict(self) -> dict[str, object]:
        """For the JSON file."""
        return asdict(self) | {"kills": dict(self.kills), "holds": self.holds}


def pile(policy: str, count: int, merchants: int = 5) -> list[str]:
    """Messages due now, spread over fresh merchants; returns their Message-IDs."""
    guarantee = "amo" if policy == "naive" else policy
    made = []
    for shop in range(merchants):
        merchant = open_merchant(f"Crash {shop}", f"crash-{policy}-{random_token(40).lower().replace('_', '-')}")
        with in_merchant(merchant):
            rows = [_message(guarantee, shop * count + n) for n in range(count // merchants)]
            made += [row.message_id(settings.EMAIL_FROM_DOMAIN) for row in Message.objects.bulk_create(rows)]
    return made


def _message(guarantee: str, number: int) -> Message:
    return Message(
        template="access_code", stream=Stream.TRANSACTIONAL, guarantee=guarantee, to_address=f"shopper{number}@example.com",
        context={"code": "123 456", "minutes": 10}, dedupe_key=f"crash:{random_token()}", due_at=clock.business_now(),
    )  # fmt: skip


def run(policy: str, kills: int, *, seed: int, share: float = 0.02, say: Callable[[str], None] = print) -> Counts:
    """One policy: kill until `kills` are done and every message has ended. Raises TimeoutError when nothing moves any more."""
    counts, dice = Counts(policy), random.Random(seed)
    with Mailbox(keyed=policy == Guarantee.KEYED, keep=1_000_000) as box:
        names = pile(policy, max(60, kills * 3))
        crew = _Crew(policy, box.url, share, dice, counts)
        try:
            while sum(counts.kills.values()) < kills or _open():
                if not _open():
                    names += pile(policy, 60)
                crew.tend(done=sum(counts.kills.values()) >= kills)
                time.sleep(0.05)
        finally:
            crew.dismiss()
        _count(counts, names, Counter(mail.message_id for mail in box.messages))
    say(line(counts))
    return counts


class _Crew:
    """The process that keeps senders alive, and what it tells of their deaths."""

    def __init__(self, policy: str, email_url: str, share: float, dice: random.Random, counts: Counts) -> None:
        env = os.environ | {"EMAIL_URL": email_url, "DATABASE_URL": database_url(), "CRASH_POLICY": policy, "DEVELOPMENT": "1"}
        env |= {"DJANGO_SETTINGS_MODULE": "postpurchase.settings", "LOG_LEVEL": "CRITICAL"}
        env |= {"CRASH_SEED": str(dice.randrange(10**9)), "CRASH_SHARE": str(share)}
        self.counts, self.calm = counts, False
        self.proc = subprocess.Popen(
            [sys.executable, "-m", "console.crash.worker"], cwd=Path(settings.BASE_DIR), env=env, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.moved, self.seen = clock.monotonic(), -1

    def _read(self) -> None:
        for word in map(str.strip, self.proc.stdout or ()):
            if word == "stall":
                self.counts.stalls += 1
            elif not self.calm:
                self.counts.kills[word] += 1

    def tend(self, *, done: bool) -> None:
        """Once enough have died, let the rest work in peace. Raises TimeoutError when nothing moves any more."""
        if done and not self.calm and self.proc.stdin:
            self.calm = True
            self.proc.stdin.write("calm\n")
            self.proc.stdin.flush()
        left = _open()
        if left != self.seen:
            self.moved, self.seen = clock.monotonic(), left
        if clock.monotonic() - self.moved > PATIENCE:
            raise TimeoutError(f"{left} messages have not moved for {PATIENCE:.0f} s")

    def dismiss(self) -> None:
        """End everybody."""
        os.killpg(self.proc.pid, signal.SIGKILL)
        self.proc.communicate()
        self.reader.join()


def _open() -> int:
    with every_tenant("crash test: count what has not ended"):
        return Message.objects.exclude(state__in=OVER).filter(dedupe_key__startswith="crash:").count()


def _count(counts: Counts, names: list[str], arrived: Counter[str]) -> None:
    with every_tenant("crash test: count what became of the messages"):
        rows = list(Message.objects.filter(dedupe_key__startswith="crash:"))
        tried = set(Attempt.objects.filter(message__in=rows).values_list("message_id", flat=True))
    mine = {row.message_id(settings.EMAIL_FROM_DOMAIN): row for row in rows}
    counts.messages = len(names)
    for name in names:
        row, copies = mine[name], arrived[name]
        counts.once += copies == 1
        counts.duplicates += copies > 1
        listed = row.state in (State.UNKNOWN, State.FAILED)
        counts.missing += copies == 0 and not listed
        if row.state == State.UNKNOWN:
            counts.doubtful += 1
            counts.doubtful_arrived += copies > 0
            counts.unlisted += row.pk not in tried


def line(counts: Counts) -> str:
    """One row of the table."""
    kills = " ".join(f"{point}:{count}" for point, count in sorted(counts.kills.items()))
    return (
        f"{counts.policy:6} {counts.messages:5} messages  {sum(counts.kills.values()):4} kills ({kills})  {counts.stalls} stalls  "
        f"once {counts.once}  twice or more {counts.duplicates}  missing {counts.missing}  "
        f"in doubt {counts.doubtful} ({counts.doubtful_arrived} had arrived)  {'holds' if counts.holds else 'BROKEN'}"
    )


def database_url() -> str:
    """The address of the database that this process uses, for its children."""
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
