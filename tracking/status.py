"""A parcel's status: a pure fold over the set of its scans. The order and number of their arrivals cannot matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from tracking.models import ENDED, NOT_STARTED, Status

RANK: dict[str, int] = {
    Status.PENDING: 0, Status.UNKNOWN: 0, Status.EXPIRED: 5, Status.INFO_RECEIVED: 10, Status.IN_TRANSIT: 20, Status.OUT_FOR_DELIVERY: 40,
    Status.ATTEMPT_FAILED: 45, Status.AVAILABLE_FOR_PICKUP: 50, Status.EXCEPTION: 55, Status.RETURNING: 70, Status.DELIVERED: 90,
    Status.RETURNED: 95, Status.CANCELLED: 95, Status.LOST_OR_DESTROYED: 95,
}  # fmt: skip
MOVING: frozenset[str] = frozenset(status for status, rank in RANK.items() if rank >= 20) - {Status.CANCELLED}  # a carrier has it in hand

MIS_SCAN = timedelta(hours=48)  # how long after a delivery the carrier may say that it was none
ZONE_DOUBT = timedelta(hours=14)  # how far the best guess of an instant may be off when its zone is unknown
ONE_ATTEMPT = timedelta(hours=2)  # failed-attempt scans closer than this tell of the same attempt
FIRST = b""  # sorts before every fingerprint


class SeenScan(Protocol):
    """What the fold reads of a scan; a Scan row has it."""

    @property
    def occurred_at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def substatus(self) -> str: ...
    @property
    def party(self) -> str: ...
    @property
    def action_required(self) -> str: ...
    @property
    def fingerprint(self) -> bytes: ...
    @property
    def zone_known(self) -> bool: ...
    @property
    def signed_by(self) -> str: ...


class Seen(NamedTuple):
    """A scan, as far as the fold needs it."""

    occurred_at: datetime
    status: str
    fingerprint: bytes
    substatus: str = ""
    party: str = ""
    action_required: str = ""
    zone_known: bool = True
    signed_by: str = ""


@dataclass(frozen=True)
class Derived:
    """What the scans say of a parcel. The times are the scans' own; conflict: a later scan contradicts the end that was reached."""

    status: str = Status.PENDING
    substatus: str = ""
    party: str = ""
    action_required: str = ""
    status_at: datetime | None = None
    first_scan_at: datetime | None = None
    last_scan_at: datetime | None = None
    out_at: datetime | None = None
    delivered_at: datetime | None = None
    attempts: int = 0
    signed_by: str = ""
    conflict: bool = False


def derive(scans: Iterable[SeenScan], *, cancelled_at: datetime | None = None) -> Derived:
    """Fold the scans, ordered by (occurred_at, rank, fingerprint). Repeats and scans without a status move nothing.

    `cancelled_at`: when the shop took the parcel back, which counts as a scan that says cancelled.
    Delivered, returned, cancelled and lost are left only as `_may_leave` allows, so that a late scan never takes a delivery back.
    """
    once: dict[bytes, SeenScan] = {bytes(scan.fingerprint): scan for scan in scans}
    told = sorted(once.values(), key=_place)
    known = [scan for scan in told if scan.status in RANK]
    if cancelled_at:
        known = sorted([*known, Seen(cancelled_at, Status.CANCELLED, FIRST, party="merchant")], key=_place)
    fold = _Fold()
    for scan in known:
        fold.step(scan)
    moving = (scan.occurred_at for scan in known if scan.status in MOVING)
    return Derived(
        status=fold.status,
        substatus=fold.told.substatus if fold.told else "",
        party=fold.told.party if fold.told else "",
        action_required=fold.told.action_required if fold.told else "",
        status_at=fold.entered.occurred_at if fold.entered else None,
        first_scan_at=next(moving, None),
        last_scan_at=told[-1].occurred_at if told else None,
        out_at=_latest(known, Status.OUT_FOR_DELIVERY),
        delivered_at=fold.entered.occurred_at if fold.entered and fold.status == Status.DELIVERED else None,
        attempts=_attempts(known),
        signed_by=next((scan.signed_by for scan in reversed(told) if scan.signed_by), ""),
        conflict=fold.conflict,
    )


class _Fold:
    """Where the parcel is after some of its scans. `entered` brought the present status, `told` its particulars."""

    def __init__(self) -> None:
        self.status: str = Status.PENDING
        self.entered: SeenScan | None = None
        self.told: SeenScan | None = None
        self.conflict = False

    def step(self, scan: SeenScan) -> None:
        """One scan on."""
        if self.entered is None:
            self._enter(scan)
        elif scan.status == self.status:
            if scan.substatus or self.status not in ENDED:  # the same once more: its particulars may change, its time does not
                self.told = scan
        elif self.status in ENDED:
            self._after_the_end(scan, self.entered)
        elif not _says_nothing_new(self.status, scan.status):
            self._enter(scan)

    def _enter(self, scan: SeenScan) -> None:
        self.status, self.entered, self.told, self.conflict = scan.status, scan, scan, False

    def _after_the_end(self, scan: SeenScan, end: SeenScan) -> None:
        if _may_leave(end, scan):
            self._enter(scan)
        elif scan.status in MOVING and _surely_later(scan, end):
            self.conflict = True


def _place(scan: SeenScan) -> tuple[datetime, int, bytes]:
    return scan.occurred_at, RANK.get(scan.status, 0), bytes(scan.fingerprint)


def _says_nothing_new(now: str, told: str) -> bool:
    if now == Status.EXPIRED:
        return False
    if told in NOT_STARTED:  # says nothing about a parcel that already moves
        return RANK[now] >= RANK[told]
    return now == Status.RETURNING and told not in ENDED  # the way back has its own hubs and vans


def _may_leave(entered: SeenScan, scan: SeenScan) -> bool:
    """Whether `scan` revokes the end that `entered` told: on its way back, or out again within MIS_SCAN of a delivery."""
    if entered.status != Status.DELIVERED or not _surely_later(scan, entered):
        return False
    out_again = scan.status == Status.OUT_FOR_DELIVERY and scan.occurred_at - entered.occurred_at <= MIS_SCAN
    return scan.status == Status.RETURNING or out_again


def _surely_later(scan: SeenScan, other: SeenScan) -> bool:
    doubt = timedelta(0) if scan.zone_known and other.zone_known else ZONE_DOUBT
    return scan.occurred_at - other.occurred_at > doubt


def _latest(scans: list[SeenScan], status: Status) -> datetime | None:
    return next((scan.occurred_at for scan in reversed(scans) if scan.status == status), None)


def _attempts(scans: list[SeenScan]) -> int:
    count, last = 0, None
    for scan in scans:
        if scan.status == Status.ATTEMPT_FAILED and (last is None or scan.occurred_at - last >= ONE_ATTEMPT):
            count, last = count + 1, scan.occurred_at
    return count
