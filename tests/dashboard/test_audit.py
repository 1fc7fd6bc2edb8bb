"""The page of the log: what stands in it, who may read it, filters, one entry, the check, and what no fixture of the intruder can try."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.accounts.adapter import LOGGED
from dashboard.audit_words import ACTS
from integrations.models import WebhookEndpoint
from integrations.webhooks import endpoints
from postpurchase.lib.ids import to_public
from postpurchase.tenancy import audit, keys
from postpurchase.tenancy.models import AuditEntry, Brand, Membership, Merchant, Role, User
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.conftest import signed_in
from tests.dashboard.pages import next_page, rows, text
from tests.dashboard.test_imports import BODY, columns, sent
from transfers.models import Export

pytestmark = pytest.mark.django_db
AT, ROOT = "/m/ann/audit/", Path(settings.BASE_DIR)
SETTINGS = {"locale": "en", "time_zone": "Europe/Berlin"}
LOOK = {"name": "Ann", "accent": "#0f766e", "surface": "#faf9f6", "support_email": "help@ann.example"}


def log(shop: Merchant) -> list[AuditEntry]:
    with in_merchant(shop):
        return list(AuditEntry.objects.order_by("number"))


def acts(shop: Merchant) -> list[str]:
    return [entry.act for entry in log(shop)]


def test_a_log_without_entries_says_what_will_stand_in_it(ann: Merchant, admin: Client) -> None:
    said = text(admin.get(AT))

    assert "Nothing has been done yet" in said
    assert "Export" not in said


def test_a_changed_setting_stands_there_with_before_after_person_and_address(ann: Merchant, admin: Client) -> None:
    given = LOOK | {"accent": "#112233"}
    assert admin.post("/m/ann/brand/change/", given, headers={"X-Request-Id": "req-7"}, REMOTE_ADDR="198.51.100.7").status_code == 302

    (entry,) = log(ann)
    assert (entry.act, entry.changes, entry.request_id) == ("brand.changed", {"accent": ["#0f766e", "#112233"]}, "req-7")
    assert "Changed the look" in rows(admin.get(AT))
    said = text(admin.get(f"{AT}{to_public('aud', entry.pk)}/"))
    assert "Colour #0f766e became #112233" in said
    assert "admin@ann.example" in said
    assert "198.51.100.7" in said


def test_a_form_that_is_refused_leaves_no_entry(ann: Merchant, admin: Client) -> None:
    assert admin.post("/m/ann/brand/change/", LOOK | {"accent": "red"}).status_code == 422

    assert log(ann) == []


def test_a_request_id_that_is_none_is_not_kept(ann: Merchant, admin: Client) -> None:
    admin.post("/m/ann/settings/change/", SETTINGS | {"locale": "de"}, headers={"X-Request-Id": "<script>"})

    assert log(ann)[0].request_id == ""


def test_no_entry_holds_a_persons_name_or_address_and_a_deleted_one_is_named_no_more(ann: Merchant, admin: Client) -> None:
    boss = signed_in(ann, Role.OWNER)
    with in_merchant(ann):
        user = User.objects.get(email="admin@ann.example")
        member = Membership.objects.get(user=user)
        Brand.objects.update(sender_email=user.email)
    admin.post("/m/ann/settings/change/", SETTINGS | {"sender_email": ""})
    admin.post("/m/ann/team/invite/", {"email": "new@people.example", "role": "agent"})
    boss.post(f"/m/ann/team/{to_public('mbr', member.pk)}/role/", {"role": "viewer"})
    boss.post(f"/m/ann/team/{to_public('mbr', member.pk)}/remove/")

    assert acts(ann) == ["settings.changed", "team.invited", "team.role_changed", "team.removed"]
    kept = json.dumps([[entry.actor, entry.subject, entry.words, entry.changes] for entry in log(ann)])
    assert "@people.example" not in kept
    assert "@ann.example" not in kept.replace("help@ann.example", "")
    assert "new@people.example" in text(boss.get(AT))
    assert "admin@ann.example" in text(boss.get(AT))

    User.objects.filter(pk=user.pk).update(email=f"deleted-{user.pk}@deleted.invalid", name="Deleted account")
    said = text(boss.get(AT))
    assert "admin@ann.example" not in said
    assert "Deleted account" in said
    with in_merchant(ann):
        assert audit.verify().broken_at is None


def test_an_import_and_leaving_stand_there(ann: Merchant, admin: Client, settled: Callable[[], Any]) -> None:
    at = sent(admin, BODY)["Location"]
    with settled():
        admin.post(f"{at}check/", columns(ann))
    assert admin.post(f"{at}run/").status_code == 302
    assert admin.post(f"{at}cancel/").status_code == 302
    again = admin.post("/m/ann/imports/add/", {"kind": "orders", "file": SimpleUploadedFile("x.csv", b"")})
    assert again.status_code == 422
    signed_in(ann, Role.OWNER)
    assert admin.post("/m/ann/team/left/").status_code == 302

    assert acts(ann) == ["import.uploaded", "import.started", "import.cancelled", "team.left"]
    assert log(ann)[0].words == "orders.csv"


def test_what_is_taken_out_stands_there_with_who_took_it(ann: Merchant, agent: Client, settled: Callable[[], Any]) -> None:
    with settled():
        agent.post("/m/ann/exports/add/", {"subject": "orders", "form": "csv"})
    with in_merchant(ann):
        path = f"/m/ann/exports/{to_public('exp', Export.objects.get().pk)}/file/"

    assert agent.get(path).status_code == 200
    assert agent.head(path).status_code == 200

    assert acts(ann) == ["export.asked", "export.downloaded"]
    assert {entry.actor for entry in log(ann)} == {audit.person(User.objects.get(email="agent@ann.example").pk)}


def test_an_endpoints_password_never_enters_the_log(ann: Merchant, admin: Client) -> None:
    url = "https://example.com/in?token=hunter2"
    made = admin.post("/m/ann/webhooks/add/", {"url": url, "label": "Stock", "live": "1"}).content.decode()
    with in_merchant(ann):
        row = WebhookEndpoint.objects.get()
    at = f"/m/ann/webhooks/{to_public('whe', row.pk)}/"
    admin.post(f"{at}change/", {"url": f"{url}2", "label": "Stock 2"})
    admin.post(f"{at}secret/", {"of": row.secret_made_at.isoformat()})

    kept = json.dumps([[entry.words, entry.changes] for entry in log(ann)])
    assert acts(ann) == ["webhook.added", "webhook.changed", "webhook.secret_made"]
    assert "hunter2" not in kept
    assert log(ann)[0].changes["address"] == [None, "https://example.com/in?…"]
    for secret in re.findall(r"whsec_[\w+/=]+", made):
        assert secret not in kept


def test_what_a_key_and_what_we_ourselves_did_stands_there(ann: Merchant, admin: Client) -> None:
    with in_merchant(ann):
        row, text_ = keys.make("Warehouse", live=True)
    given = json.dumps({"url": "https://example.com/hooks"})
    made = Client().post(
        "/api/v1/webhooks", given, content_type="application/json", headers={"Authorization": f"Bearer {text_}", "X-Request-Id": "r1"}
    )
    assert made.status_code == 201
    with in_merchant(ann):
        endpoints.stop(WebhookEndpoint.objects.get(), WebhookEndpoint.GONE)

    by_key, by_us = log(ann)
    assert (by_key.act, by_key.actor, by_key.request_id) == ("webhook.added", to_public("key", row.pk), "r1")
    assert (by_us.act, by_us.actor, by_us.changes) == ("webhook.stopped", "system", {"why": [None, "gone"]})
    said = text(admin.get(AT))
    assert "API key Warehouse" in said
    assert "Stopped a webhook that fails example.com why" not in said
    assert "Postpurchase" in said


def fill(shop: Merchant, count: int) -> None:
    people = [signed_in(shop, Role.VIEWER) and User.objects.get(email=f"viewer@{shop.slug}.example")]
    with in_merchant(shop):
        for n in range(count):
            by = audit.Caller(audit.person(people[0].pk), people[0].pk) if n % 2 else audit.SYSTEM
            audit.record(by, ("flow.switched", "key.made")[n % 3 == 0], subject=f"flow:{n % 4}", words=f"Flow {n % 4}")


def test_filters_find_by_person_act_subject_and_time(ann: Merchant, admin: Client) -> None:
    fill(ann, 12)
    who = audit.person(User.objects.get(email="viewer@ann.example").pk)

    def found(query: str) -> int:
        return len(rows(admin.get(f"{AT}?{query}")))

    assert [found(""), found(f"who={who}"), found("who=system"), found("act=key.made"), found("subject=flow:1")] == [12, 6, 6, 4, 3]
    assert [found("since=1d"), found("since=nonsense"), found("act=none"), found("who=%00"), found(f"who={who}&act=key.made")] == [
        12, 0, 0, 0, 2,
    ]  # fmt: skip
    assert "No entry matches" in text(admin.get(f"{AT}?act=none"))
    assert "About Flow 1" in text(admin.get(f"{AT}?subject=flow:1"))


def test_an_address_that_was_made_up_names_nobody_of_another_shop(ann: Merchant, admin: Client, stranger: Client) -> None:
    other = User.objects.get(email="owner@bob.example")

    said = admin.get(f"{AT}?who=person:{other.pk}").content.decode()

    assert "owner@bob.example" not in said


def test_the_list_is_paged_and_takes_a_fixed_number_of_queries(ann: Merchant, admin: Client) -> None:
    fill(ann, 51)
    with CaptureQueriesContext(connection) as few:
        page = admin.get(f"{AT}?act=key.made")
    with CaptureQueriesContext(connection) as many:
        whole = admin.get(AT)

    assert len(rows(page)) == 17
    assert len(rows(whole)) == 50
    assert len(rows(admin.get(AT + next_page(whole)))) == 1
    assert len(few) == len(many)


def test_the_log_is_checked_by_a_press(ann: Merchant, admin: Client, settled: Callable[[], Any]) -> None:
    fill(ann, 3)
    assert "Not checked yet" in text(admin.get(AT))

    with settled():
        assert admin.post(f"{AT}check/").status_code == 302
        assert 'hx-trigger="every 2s"' in admin.get(AT).content.decode()

    said = text(admin.get(AT))
    assert "Unbroken since" in said
    assert "3 entries" in said
    with in_merchant(ann):
        forged = AuditEntry.objects.order_by("-number")[0]
        AuditEntry(**{name: getattr(forged, name) for name in ("actor", "act", "origin", "hash", "at")}, number=4).save()
    with settled():
        admin.post(f"{AT}check/")
    assert "The log is not what it was, from entry 4 on." in text(admin.get(AT))


def test_the_log_is_exported_for_those_who_may_read_it_and_for_nobody_else(
    ann: Merchant, admin: Client, agent: Client, settled: Callable[[], Any]
) -> None:
    fill(ann, 4)
    out = "/m/ann/exports/"
    assert agent.post(f"{out}add/", {"subject": "audit", "form": "json"}).status_code == 422

    with settled():
        admin.post(f"{out}add/", {"subject": "audit", "form": "json", "query": "who=system"})

    with in_merchant(ann):
        path = f"{out}{to_public('exp', Export.objects.get().pk)}/file/"
    assert path not in agent.get(out).content.decode()
    assert agent.get(path).status_code == 404
    lines = [json.loads(line) for line in admin.get(path).getvalue().decode().splitlines()]
    assert [(line["Number"], line["Actor"], line["Act"], line["Who"]) for line in lines] == [
        (3, "system", "flow.switched", ""),
        (1, "system", "key.made", ""),
    ]
    with settled():
        admin.post(f"{out}add/", {"subject": "audit", "form": "csv"})
    with in_merchant(ann):
        path = f"{out}{to_public('exp', Export.objects.order_by('-id')[0].pk)}/file/"
    assert "viewer@ann.example,person:" in admin.get(path).getvalue().decode()


def test_every_act_that_is_recorded_has_its_word() -> None:
    source = "".join(
        path.read_text() for folder in ("dashboard", "api/v1", "integrations/webhooks") for path in (ROOT / folder).rglob("*.py")
    )

    plain = set(re.findall(r'(?:note|record|_log)\([^\n]*?"([a-z]+\.[a-z_]+)"', source))
    hooks = {f"webhook.{name}" for name in re.findall(r'log\([^\n"]*"([a-z_]+)", row', source)}

    assert (plain | hooks | set(LOGGED.values())) - ACTS.keys() == set()
    assert ACTS.keys() - (plain | hooks | set(LOGGED.values())) == set()
