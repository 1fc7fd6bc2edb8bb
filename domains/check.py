"""A check: ask the DNS outside any transaction, then write down what was found and what follows from it."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from domains import claim, records
from domains.models import Domain, Kind, State
from domains.records import OWNER, Finding, Record
from postpurchase.lib import clock, dns
from postpurchase.tenancy.scope import every_tenant, in_merchant

SURE = 2  # checks in a row that must find a verified name wrong
TAKEN = Finding("wrong", note="taken")
Findings = dict[str, Finding]


def check(merchant_id: object, domain_id: UUID) -> None:
    """Check one name of a merchant. A name that is gone meanwhile is passed over."""
    with in_merchant(merchant_id):
        row = Domain.objects.filter(pk=domain_id).first()
    if row is None:
        return
    found = {record.key: records.look_up(record, dns.ask) for record in records.wanted(row)}
    if row.kind == Kind.PORTAL and row.state == State.WAITING and _good(row, found) and _held_by_others(row):
        found["owner"] = TAKEN
    try:
        with in_merchant(merchant_id):
            _settle(domain_id, found)
    except IntegrityError:  # another merchant proved the same name in this moment
        with in_merchant(merchant_id):
            _settle(domain_id, found | {"owner": TAKEN})


def _held_by_others(row: Domain) -> bool:
    """Whether the name is another merchant's, whose token still stands in the DNS. One without a token there has lost it to this one."""
    with every_tenant("domains: who has proved this host"):
        rows = Domain.objects.filter(kind=Kind.PORTAL, name=row.name).exclude(state=State.WAITING).exclude(pk=row.pk)
        holders = list(rows.values_list("merchant_id", "pk", "token"))
    standing = dns.ask(records.wanted(row)[1].name, "TXT")
    if standing.silent or any(OWNER + token in standing.values for _, _, token in holders):
        return bool(holders)
    for merchant_id, pk, _ in holders:
        with in_merchant(merchant_id):
            claim.release(Domain.objects.select_for_update().get(pk=pk))
    return False


def _good(row: Domain, found: Findings) -> bool:
    """All records are right; of a portal host that was proved once, the alias alone still counts."""
    keys = ("alias",) if row.kind == Kind.PORTAL and row.state != State.WAITING else tuple(found)
    return all(found[key].state == "found" for key in keys)


def _bad(found: Findings) -> bool:
    return any(one.state in ("wrong", "missing") for key, one in found.items() if key != "owner")


def _settle(domain_id: UUID, found: Findings) -> None:
    row = Domain.objects.select_for_update().filter(pk=domain_id).first()
    if row is None:
        return
    now = clock.machine_now()
    row.findings = {key: asdict(one) for key, one in found.items()}
    row.checked_at = now
    if _good(row, found):
        _verify(row, now)
    elif row.state != State.WAITING and _bad(found):  # where a name server only said nothing, nothing is known
        _fail(row, now)
    row.check_at = now + _pause(row, now)
    row.save()


def _verify(row: Domain, now: datetime) -> None:
    row.verified_at = row.verified_at or now
    row.state, row.failures, row.broken_since = State.VERIFIED, 0, None
    if row.kind == Kind.PORTAL:
        claim.serve(row.name)


def _fail(row: Domain, now: datetime) -> None:
    """One wrong answer may be a slip of a name server. After two, links go to our own host again until it is mended."""
    row.failures = min(row.failures + 1, 1000)
    if row.failures < SURE or row.state == State.BROKEN:
        return
    row.state, row.broken_since = State.BROKEN, now
    if row.kind == Kind.PORTAL:
        claim.serve("")


def _pause(row: Domain, now: datetime) -> timedelta:
    if row.state == State.VERIFIED:
        return timedelta(minutes=10) if row.failures else timedelta(hours=6)
    if row.state == State.BROKEN:
        return timedelta(minutes=30)
    age = now - row.created_at
    if age < timedelta(days=1):
        return timedelta(minutes=5)
    return timedelta(hours=1) if age < timedelta(days=14) else timedelta(days=1)


def shown(row: Domain) -> list[tuple[Record, Finding]]:
    """The records of a name with what the last check found."""
    unasked = {"state": "unasked"}
    told = [(record, row.findings.get(record.key, unasked)) for record in records.wanted(row)]
    return [(record, Finding(one["state"], tuple(one.get("values", ())), one.get("note", ""))) for record, one in told]
