"""What became of every message of a run: the mails that arrived beside the rows that speak of them."""

from collections import Counter
from dataclasses import asdict, dataclass, field

from django.conf import settings

from notifications.models import Attempt, Guarantee, Message, State
from postpurchase.tenancy.scope import every_tenant

Wanted = dict[str, int]  # merchant id -> how many messages
OVER = (State.SENT, State.UNKNOWN, State.FAILED, State.SKIPPED, State.EXPIRED)


@dataclass
class Counts:
    """What came of one policy."""

    policy: str
    crew: str
    messages: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    disasters: Counter[str] = field(default_factory=Counter)
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

    @property
    def line(self) -> str:
        """One row of the table."""
        kills, disasters = (
            " ".join(f"{name}:{count}" for name, count in sorted(counted.items())) for counted in (self.kills, self.disasters)
        )
        return (
            f"{self.policy:5} {self.crew:10} {self.messages:5} messages  {self.kills.total():4} kills ({kills})  {self.stalls} stalls  "
            f"{f'{self.disasters.total()} disasters ({disasters})  ' if disasters else ''}"
            f"once {self.once}  twice or more {self.duplicates}  missing {self.missing}  "
            f"in doubt {self.doubtful} ({self.doubtful_arrived} had arrived)  {'holds' if self.holds else 'BROKEN'}"
        )

    def as_dict(self) -> dict[str, object]:
        """For the JSON file."""
        return asdict(self) | {"kills": dict(self.kills), "disasters": dict(self.disasters), "holds": self.holds}

    def count(self, wanted: Wanted, arrived: Counter[str]) -> None:
        """Set the messages that were asked for beside the mails that arrived: Message-ID -> copies."""
        with every_tenant("crash test: count what became of the messages"):
            rows = {row.dedupe_key: row for row in Message.objects.filter(merchant__in=list(wanted))}
            tried = set(Attempt.objects.filter(merchant__in=list(wanted)).values_list("message_id", flat=True))
        self.messages = sum(wanted.values())
        for key in (key_of(merchant_id, number) for merchant_id, count in wanted.items() for number in range(count)):
            row = rows.get(key)
            copies = arrived[row.message_id(settings.EMAIL_FROM_DOMAIN)] if row else 0
            self.once += copies == 1
            self.duplicates += copies > 1
            self.missing += copies == 0 and (row is None or row.state not in (State.UNKNOWN, State.FAILED))
            if row and row.state == State.UNKNOWN:
                self.doubtful += 1
                self.doubtful_arrived += copies > 0
                self.unlisted += row.pk not in tried


def key_of(merchant_id: str, number: int) -> str:
    """What keeps a message from being planned twice."""
    return f"crash:{merchant_id}:{number}"


def still_open(wanted: Wanted) -> int:
    """How many messages have not come to an end; those that have not been planned either."""
    with every_tenant("crash test: count what has ended"):
        return sum(wanted.values()) - Message.objects.filter(merchant__in=list(wanted), state__in=OVER).count()
