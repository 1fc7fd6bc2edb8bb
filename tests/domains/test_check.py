"""Names on their way through the DNS: waiting, verified, broken, taken over. Every look is a real conversation with a name server."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.db import IntegrityError, connection, transaction

from domains import claim, tasks
from domains.check import check
from domains.models import Domain, Kind, State
from domains.names import Unfit
from postpurchase.jobs import eager
from postpurchase.lib import clock, crypto, dns
from postpurchase.tenancy import gates
from postpurchase.tenancy.models import Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.domains.conftest import publish, quoted
from tests.domains.name_server import NameServer

pytestmark = pytest.mark.django_db
HOST = "track.shop.test"


def add(merchant: Merchant, kind: Kind = Kind.PORTAL, name: str = HOST) -> Domain:
    with in_merchant(merchant):
        return claim.add(kind, name)


def checked(row: Domain, times: int = 1) -> Domain:
    for _ in range(times):
        check(row.merchant_id, row.pk)
    with in_merchant(row.merchant_id):
        row.refresh_from_db()
    return row


def found(row: Domain) -> dict[str, str]:
    return {key: one["state"] for key, one in row.findings.items()}


def host_of(merchant: Merchant) -> str:
    with in_merchant(merchant):
        return Brand.objects.get().portal_host


def test_a_host_waits_until_both_records_stand_and_then_serves_its_merchant(ann: Merchant, server: NameServer) -> None:
    row = checked(add(ann))
    assert (row.state, found(row)) == (State.WAITING, {"alias": "missing", "owner": "missing"})

    publish(server, row, "alias")
    assert (checked(row).state, found(row)) == (State.WAITING, {"alias": "found", "owner": "missing"})
    assert gates.by_host(HOST) is None

    publish(server, row)
    assert (checked(row).state, found(row)) == (State.VERIFIED, {"alias": "found", "owner": "found"})
    assert gates.by_host(HOST) == (ann.pk, gates.by_host(HOST)[1])  # type: ignore[index]
    assert host_of(ann) == HOST


def test_what_stands_there_instead_is_told(ann: Merchant, server: NameServer) -> None:
    row = add(ann)
    server.zone[HOST, "CNAME"] = ["shops.elsewhere.test."]
    server.zone[f"_postpurchase.{HOST}", "TXT"] = [quoted("postpurchase=of-somebody-else"), quoted("unrelated")]

    checked(row)

    assert row.findings["alias"] == {"state": "wrong", "values": ["shops.elsewhere.test"], "note": ""}
    assert row.findings["owner"] == {"state": "wrong", "values": ["postpurchase=of-somebody-else"], "note": ""}
    assert row.state == State.WAITING


@pytest.mark.parametrize(("here", "state"), [(["203.0.113.7"], "found"), (["203.0.113.7", "198.51.100.1"], "wrong")])
def test_the_targets_own_addresses_are_as_good_as_a_cname(ann: Merchant, server: NameServer, here: list[str], state: str) -> None:
    row = add(ann)
    server.zone["portal.ours.test", "A"] = ["203.0.113.7", "203.0.113.8"]
    server.zone[HOST, "A"] = here

    assert found(checked(row))["alias"] == state


def test_a_verified_host_is_broken_after_two_wrong_answers_and_mended_by_a_right_one(ann: Merchant, server: NameServer) -> None:
    row = add(ann)
    publish(server, row)
    checked(row)
    good, server.zone[HOST, "CNAME"] = server.zone[HOST, "CNAME"], ["elsewhere.test."]

    assert (checked(row).state, row.broken_since, host_of(ann)) == (State.VERIFIED, None, HOST)
    assert (checked(row).state, host_of(ann)) == (State.BROKEN, "")
    since = row.broken_since
    assert since is not None
    assert checked(row).broken_since == since

    server.zone[HOST, "CNAME"] = good
    assert (checked(row).state, row.broken_since, row.failures, host_of(ann)) == (State.VERIFIED, None, 0, HOST)


def test_silence_of_the_name_servers_changes_nothing(ann: Merchant, server: NameServer) -> None:
    row = add(ann)
    publish(server, row)
    checked(row)
    server.broken = True

    assert (checked(row, 4).state, row.failures, found(row)) == (State.VERIFIED, 0, {"alias": "silent", "owner": "silent"})


def test_the_token_may_go_once_the_host_was_verified(ann: Merchant, server: NameServer) -> None:
    row = add(ann)
    publish(server, row)
    checked(row)
    del server.zone[f"_postpurchase.{HOST}", "TXT"]

    assert (checked(row, 3).state, found(row)["owner"]) == (State.VERIFIED, "missing")


def test_one_host_belongs_to_one_merchant_while_its_token_stands(ann: Merchant, bob: Merchant, server: NameServer) -> None:
    hers, his = add(ann), add(bob)
    publish(server, hers)
    checked(hers)
    name = f"_postpurchase.{HOST}", "TXT"
    server.zone[name] = [*server.zone[name], quoted(f"postpurchase={his.token}")]

    checked(his)

    assert (his.state, his.findings["owner"]["note"], host_of(bob)) == (State.WAITING, "taken", "")
    assert checked(hers).state == State.VERIFIED
    assert gates.by_host(HOST)[0] == ann.pk  # type: ignore[index]


def test_whose_token_alone_stands_takes_the_host_over(ann: Merchant, bob: Merchant, server: NameServer) -> None:
    hers, his = add(ann), add(bob)
    publish(server, hers)
    checked(hers)
    publish(server, his)

    checked(his)

    assert (his.state, host_of(bob), host_of(ann)) == (State.VERIFIED, HOST, "")
    assert gates.by_host(HOST)[0] == bob.pk  # type: ignore[index]
    assert checked(hers).state == State.WAITING


def test_the_database_itself_refuses_a_second_holder(ann: Merchant, bob: Merchant, server: NameServer) -> None:
    for row in (add(ann), add(bob)):
        with in_merchant(row.merchant_id):
            if row.merchant_id == ann.pk:
                Domain.objects.update(state=State.VERIFIED)
            else:
                with pytest.raises(IntegrityError, match="domains_one_portal"), transaction.atomic():
                    Domain.objects.update(state=State.BROKEN)


def test_a_removed_host_serves_nobody_and_is_free(ann: Merchant, bob: Merchant, server: NameServer) -> None:
    row = add(ann)
    publish(server, row)
    checked(row)

    with in_merchant(ann):
        claim.remove(row)

    assert (gates.by_host(HOST), host_of(ann)) == (None, "")
    his = add(bob)
    publish(server, his)
    assert checked(his).state == State.VERIFIED


def test_a_merchant_has_one_name_of_a_kind(ann: Merchant) -> None:
    add(ann)

    with pytest.raises(Unfit, match="one already"):
        add(ann, name="other.shop.test")


def test_a_sending_domain_gets_keys_whose_private_half_is_sealed(ann: Merchant) -> None:
    row = add(ann, Kind.SENDING, "shop.test")

    sealed = bytes(row.key_sealed or b"")
    assert b"PRIVATE KEY" not in sealed
    key = load_pem_private_key(crypto.unseal(sealed, ann.pk).encode(), None)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.b64encode(public).decode() == row.public_key
    with pytest.raises(crypto.Undecipherable):
        crypto.unseal(sealed, UUID(int=1))


def test_a_sending_domain_is_verified_by_its_four_records(ann: Merchant, server: NameServer) -> None:
    row = add(ann, Kind.SENDING, "shop.test")
    assert set(found(checked(row)).values()) == {"missing"}

    publish(server, row)
    server.zone["shop.test", "TXT"] = [quoted("v=spf1 mx include:_spf.ours.test -all"), quoted("google-site-verification=1")]
    server.zone["_dmarc.shop.test", "TXT"] = [quoted("v=DMARC1; p=reject; rua=mailto:d@shop.test")]

    assert (checked(row).state, found(row)) == (State.VERIFIED, dict.fromkeys(("dkim", "spf", "bounces", "dmarc"), "found"))
    assert host_of(ann) == ""


@pytest.mark.parametrize(
    ("name", "values", "key", "state", "note"),
    [
        ("shop.test", ["v=spf1 mx -all"], "spf", "wrong", "add"),
        ("shop.test", ["v=spf1 include:_spf.ours.test -all", "v=spf1 mx -all"], "spf", "wrong", "two"),
        ("shop.test", ["v=spf10 include:_spf.ours.test"], "spf", "missing", ""),
        ("shop.test", ["v=spf1 -include:_spf.ours.test"], "spf", "wrong", "add"),
        ("_dmarc.shop.test", ["v=DMARC1; p=maybe"], "dmarc", "wrong", ""),
        ("_dmarc.shop.test", ["v=DMARC1; p=none", "v=DMARC1; p=none"], "dmarc", "found", ""),
        ("_dmarc.shop.test", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "dmarc", "wrong", "two"),
        ("SELECTOR._domainkey.shop.test", ["v=DKIM1; k=rsa; p=AAAA"], "dkim", "wrong", ""),
        ("SELECTOR._domainkey.shop.test", ["v=DKIM1; k=rsa; p="], "dkim", "wrong", ""),
    ],
)
def test_each_record_is_judged_by_itself(
    ann: Merchant, server: NameServer, name: str, values: list[str], key: str, state: str, note: str
) -> None:
    row = add(ann, Kind.SENDING, "shop.test")
    server.zone[name.replace("SELECTOR", row.selector), "TXT"] = [quoted(value) for value in values]

    checked(row)

    assert (row.findings[key]["state"], row.findings[key]["note"]) == (state, note)
    assert row.state == State.WAITING


def test_due_checks_are_found_for_all_merchants_and_not_twice(ann: Merchant, bob: Merchant, server: NameServer, settled: Any) -> None:
    rows = [add(ann), add(bob, name="other.shop.test")]
    for row in rows:
        publish(server, row)

    with settled():
        tasks.check_due()
        with eager.collected() as again:
            tasks.check_due()
    assert again == []

    assert [checked_row(row) for row in rows] == [State.VERIFIED, State.VERIFIED]


def checked_row(row: Domain) -> str:
    with in_merchant(row.merchant_id):
        row.refresh_from_db()
    assert row.checked_at is not None
    assert row.check_at - row.checked_at > timedelta(hours=5)
    return row.state


def test_checks_grow_rarer_for_a_name_that_nobody_finishes(ann: Merchant, server: NameServer) -> None:
    row = add(ann)
    pauses = []
    for days in (0, 2, 20):
        with in_merchant(ann):
            Domain.objects.update(created_at=clock.machine_now() - timedelta(days=days))
        checked(row)
        assert row.checked_at is not None
        pauses.append(row.check_at - row.checked_at)

    assert pauses == [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]


def test_no_transaction_is_open_while_the_name_server_is_asked(ann: Merchant, server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    row, outer = add(ann), len(connection.savepoint_ids)
    asked, depths = dns.ask, []

    def ask(name: str, kind: str) -> dns.Answer:
        depths.append(len(connection.savepoint_ids))
        return asked(name, kind)

    monkeypatch.setattr(dns, "ask", ask)
    checked(row)

    assert len(depths) > 2
    assert set(depths) == {outer}
