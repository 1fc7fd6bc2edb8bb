"""The log of acts: append-only for everybody, chained, written with its act or not at all, and free of people's names."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from postpurchase.jobs import tasks
from postpurchase.lib import clock
from postpurchase.tenancy import audit
from postpurchase.tenancy.audit import SYSTEM, Caller
from postpurchase.tenancy.models import DELETED, AuditCheck, AuditEntry, AuditOrigin, Merchant, Role
from postpurchase.tenancy.scope import NoMerchant, every_tenant, in_merchant
from tests.people import hire

pytestmark = pytest.mark.django_db
REFUSED = ("UPDATE tenancy_auditentry SET words = 'x'", "DELETE FROM tenancy_auditentry", "TRUNCATE tenancy_auditentry CASCADE")
SAMPLE = (
    "INSERT INTO tenancy_merchant (id, name, slug, created_at, two_factor_for_owners)"
    " VALUES ('00000000-0000-7000-8000-000000000001', 'x', 'x', now(), false);"
    "INSERT INTO tenancy_auditentry (id, merchant_id, number, at, actor, act, subject, words, changes, origin, request_id, hash)"
    " VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 1, now(), 'system', 'a.b', '', '', '{}', '', '', '')"
)


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """A cursor of the tables' owner, whose work is never committed."""
    role = settings.DATABASE_OWNER
    opened = psycopg2.connect(
        host=role["HOST"], port=role["PORT"], user=role["USER"], password=role["PASSWORD"], dbname=connection.settings_dict["NAME"]
    )
    with contextlib.closing(opened), opened.cursor() as cursor:
        yield cursor


def write(merchant: Merchant, count: int = 3, by: Caller = SYSTEM) -> None:
    with in_merchant(merchant):
        for n in range(count):
            audit.record(by, "settings.changed", words=f"Ånn’s shop {n}", changes={"name": ("a", n), "events": ([], ["x", "y"])})


@pytest.mark.parametrize("sql", REFUSED[:2])
def test_the_app_and_the_platform_can_neither_change_nor_remove_entries(ann: Merchant, sql: str) -> None:
    write(ann)
    for scope in (in_merchant(ann), every_tenant("test: try to change the log")):
        with pytest.raises(DatabaseError, match="permission denied"), scope, connection.cursor() as cursor:
            cursor.execute(sql)

    with in_merchant(ann):
        assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize("sql", REFUSED)
def test_even_the_owner_of_the_table_is_refused_by_its_triggers(owner: Any, sql: str) -> None:
    owner.execute("ALTER TABLE tenancy_auditentry ENABLE TRIGGER audit_keeps_all")  # off in tests, which empty their tables
    if not sql.startswith("TRUNCATE"):  # which is refused for an empty table too
        owner.execute(SAMPLE)

    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="the audit log is append-only"):
        owner.execute(sql)


def test_entries_are_numbered_and_chained(ann: Merchant, bob: Merchant) -> None:
    write(ann, 3)
    write(bob, 2)

    for shop, count in ((ann, 3), (bob, 2)):
        with in_merchant(shop):
            found, rows = audit.verify(), list(AuditEntry.objects.order_by("number"))
            assert [row.number for row in rows] == list(range(1, count + 1))
            assert (found.entries, found.broken_at, found.since, found.head) == (count, None, rows[0].at, bytes(rows[-1].hash))
            assert sorted(row.at for row in rows) == [row.at for row in rows]


def forge(**changes: Any) -> None:
    """What somebody with the database in hand might leave behind: an entry whose content and hash do not belong together."""
    last = AuditEntry.objects.order_by("-number")[0]
    row = AuditEntry(number=last.number + 1, at=last.at, actor="system", act="team.left", origin=b"")
    row.hash = audit.fingerprint(vars(row), bytes(last.hash))
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"words": "somebody else"}, {"actor": "person:1"}, {"act": "team.joined"}, {"subject": "person:2"}, {"number": 5},
        {"at": clock.machine_now() + timedelta(days=1)}, {"changes": {"role": ["viewer", "owner"]}}, {"request_id": "x"},
        {"origin": b"1" * 32}, {"hash": b"0" * 32},
    ],
    ids=lambda changes: next(iter(changes)),
)  # fmt: skip
def test_an_entry_that_is_not_what_it_was_breaks_the_chain(in_ann: Merchant, changes: dict[str, Any]) -> None:
    write(in_ann)
    forge()
    assert audit.verify().broken_at is None
    forge(**changes | ({"number": 6} if "number" in changes else {}))

    assert audit.verify().broken_at == 5


def test_a_log_whose_newest_entries_were_cut_off_is_seen_by_the_next_check(in_ann: Merchant) -> None:
    write(in_ann, 3)
    assert audit.check().broken_at is None
    AuditCheck.objects.update(entries=5)  # as if the check had seen two more

    assert audit.check().broken_at == 4


def test_a_log_that_was_written_anew_is_seen_by_the_next_check(in_ann: Merchant) -> None:
    write(in_ann, 3)
    AuditCheck.objects.update(entries=2, head=b"another past")

    assert audit.check().broken_at == 2


def test_another_address_beside_an_entry_is_seen(in_ann: Merchant) -> None:
    write(in_ann, 2, Caller("system", address="198.51.100.7"))
    assert audit.verify().broken_at is None

    AuditOrigin.objects.filter(entry__number=2).update(address="203.0.113.9")

    assert audit.verify().broken_at == 2


def test_an_act_that_is_rolled_back_leaves_no_entry(in_ann: Merchant) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record(SYSTEM, "settings.changed")
        raise RuntimeError

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("field", ["secret", "old_password", "access_token", "digest"])
def test_what_sounds_like_a_secret_is_refused(in_ann: Merchant, field: str) -> None:
    with pytest.raises(ValueError, match="may be a secret"):
        audit.record(SYSTEM, "settings.changed", changes={field: ("a", "b")})

    assert not AuditEntry.objects.exists()


def test_it_is_written_in_one_merchants_scope_only(ann: Merchant) -> None:
    with pytest.raises(NoMerchant):
        audit.record(SYSTEM, "settings.changed")
    with pytest.raises(NoMerchant), every_tenant("test"):
        audit.record(SYSTEM, "settings.changed")


def test_odd_values_are_kept_and_prove_true(in_ann: Merchant) -> None:
    odd = {"a": (None, "nul\0 “ß” \ud7ff 🎈"), "b": (True, 10**15), "c": ({"z": 1, "a": [1]}, clock.machine_now()), "d": (1.5, "x" * 900)}

    row = audit.record(Caller("person:1", None, "::1", "req-1"), "settings.changed", words="w" * 300, changes=odd)

    row.refresh_from_db()
    assert (row.changes["a"], row.changes["d"]) == ([None, "nul “ß” \ud7ff 🎈"], ["1.5", "x" * 500])
    assert audit.verify().broken_at is None


def test_addresses_are_forgotten_with_their_person_or_after_a_year_and_the_chain_holds(ann: Merchant) -> None:
    gone, here = hire(ann, "gone@ann.example", Role.ADMIN), hire(ann, "here@ann.example", Role.ADMIN)
    for user in (gone, here):
        write(ann, 1, Caller(audit.person(user.pk), user.pk, "198.51.100.7"))
    with in_merchant(ann):
        AuditOrigin.objects.create(
            entry=audit.record(SYSTEM, "settings.changed"), id="01700000-0000-7000-8000-000000000000", salt=b"", address=""
        )
    gone.email = f"deleted-{gone.pk}{DELETED}"
    gone.save()

    tasks.forget_addresses()

    with in_merchant(ann):
        assert [row.user_id for row in AuditOrigin.objects.all()] == [here.pk]
        assert audit.verify().broken_at is None


def test_every_log_is_read_through_once_a_day_and_when_it_is_asked_for(ann: Merchant, bob: Merchant, settled: Any) -> None:
    write(ann)
    with settled():
        tasks.check_logs()
    with in_merchant(ann):
        first = AuditCheck.objects.get()
        assert (first.entries, first.broken_at, first.checked_at is not None) == (3, None, True)
    write(ann)
    with settled():
        tasks.check_logs()
    with in_merchant(ann):
        assert AuditCheck.objects.get().entries == 3  # the day is not over
        audit.ask()
    with settled():
        tasks.check_logs()

    with in_merchant(ann):
        assert AuditCheck.objects.get().entries == 6
        AuditCheck.objects.update(asked_at=first.asked_at, checked_at=clock.machine_now() - timedelta(hours=25), entries=0, head=b"")
    with settled():
        tasks.check_logs()
    with in_merchant(ann):
        assert AuditCheck.objects.get().entries == 6
    with in_merchant(bob):
        assert not AuditCheck.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_act_at_once_make_one_chain(ann: Merchant) -> None:
    def act(n: int) -> None:
        with contextlib.closing(connection):
            write(ann, 5)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(8)))

    with in_merchant(ann):
        assert (audit.verify().entries, audit.verify().broken_at) == (40, None)
