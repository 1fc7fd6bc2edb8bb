"""The pages of imports and exports: the whole way, who may, what is said when something is wrong."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import Connection
from orders.models import Order
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui import uploads
from tests.dashboard.pages import text
from tests.transfers.files import HEADERS, csv_of, in_shop, row
from transfers.models import Export, Import, Stage

pytestmark = pytest.mark.django_db
IN, OUT = "/m/ann/imports/", "/m/ann/exports/"
BODY = csv_of([HEADERS, row("#1"), row("#1", "Socks"), row("#2", n="many")])


def sent(client: Client, body: bytes = BODY, name: str = "orders.csv", **more: str) -> Any:
    return client.post(f"{IN}add/", {"kind": "orders", "file": SimpleUploadedFile(name, body), **more})


def columns(shop: Merchant) -> dict[str, str]:
    """The form of the columns as it is drawn."""
    source = in_shop(shop, Import.objects.get)
    return {f"to_{key}": str(at) for key, at in source.mapping.items()} | {
        name: source.how[name] for name in ("dates", "decimal", "currency")
    }


def test_the_whole_way_from_the_file_to_the_orders(ann: Merchant, admin: Client, settled: Callable[[], Any]) -> None:
    page = sent(admin)
    at = page["Location"]
    assert re.fullmatch(rf"{IN}imp_[0-9a-z]{{26}}/", at)
    assert "Order number" in text(admin.get(at))

    with settled():
        assert admin.post(f"{at}check/", columns(ann)).status_code == 302
    said = text(admin.get(at))
    assert "This is what would happen" in said
    assert "1 row cannot be taken" in said
    assert "4 Quantity “many” is not a number of pieces. Write a whole number from 1 up." in said
    assert in_shop(ann, Order.objects.count) == 0

    with settled():
        assert admin.post(f"{at}run/").status_code == 302
    assert "The import is done" in text(admin.get(at))
    assert in_shop(ann, lambda: Order.objects.get().number) == "#1"
    download = admin.get(f"{at}errors/")
    lines = list(csv.reader(io.StringIO(download.getvalue().decode("utf-8-sig"))))
    assert (len(lines), lines[1][0], lines[1][-3:-1]) == (2, "#2", ["4", "Quantity"])
    assert "Done" in text(admin.get(IN))


def test_columns_that_rows_need_must_be_chosen_and_none_twice(ann: Merchant, admin: Client) -> None:
    at = sent(admin)["Location"]

    answer = admin.post(f"{at}check/", columns(ann) | {"to_number": "", "to_title": "3"})

    assert answer.status_code == 422
    assert "Every row needs this. Choose its column." in text(answer)
    assert "This column fills another field already." in text(answer)
    assert in_shop(ann, lambda: Import.objects.get().state) == Stage.DRAFT


def test_another_delimiter_reads_the_file_anew(ann: Merchant, admin: Client) -> None:
    at = sent(admin, BODY.replace(b",", b"|"))["Location"]
    assert in_shop(ann, lambda: Import.objects.get().how["delimiter"]) == "|"

    assert admin.post(f"{at}look/", {"encoding": "cp1252", "delimiter": ";"}).status_code == 302
    assert in_shop(ann, lambda: len(Import.objects.get().headers)) == 1
    admin.post(f"{at}look/", {"encoding": "utf-8", "delimiter": "|"})
    assert in_shop(ann, lambda: len(Import.objects.get().mapping)) == len(HEADERS)


def test_a_file_that_cannot_be_read_is_refused_on_the_form(ann: Merchant, admin: Client) -> None:
    for body, said in ((b"", "The file is empty."), (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "Save it as .xlsx without a password")):
        answer = sent(admin, body)
        assert (answer.status_code, said in text(answer)) == (422, True)
    assert in_shop(ann, Import.objects.count) == 0


def test_a_file_beyond_the_limit_is_not_kept(ann: Merchant, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST", 200_000)

    answer = sent(admin, b"a,b\n" * 100_000)

    assert (answer.status_code, "A larger one is not taken" in text(answer)) == (422, True)
    assert in_shop(ann, Import.objects.count) == 0


def test_the_source_must_be_one_of_the_shop_s_own(ann: Merchant, bob: Merchant, admin: Client) -> None:
    theirs, mine = (in_shop(shop, lambda: str(Connection.objects.get(kind=Connection.API).pk)) for shop in (bob, ann))

    assert sent(admin, connection=theirs).status_code == 422
    assert sent(admin, connection=mine).status_code == 302
    assert in_shop(ann, lambda: str(Import.objects.get().connection_id)) == mine


def test_owners_and_admins_import_agents_export_and_viewers_do_neither(
    ann: Merchant, admin: Client, agent: Client, viewer: Client, stranger: Client
) -> None:
    at = sent(admin)["Location"]
    reads, acts = (
        [IN, f"{IN}new/", f"{IN}sample/orders/", at, f"{at}errors/"],
        [f"{at}{name}/" for name in ("look", "check", "run", "cancel")],
    )

    assert [admin.get(page).status_code for page in (*reads, OUT)] == [200] * 6
    for client, wanted, exports in ((agent, 403, 200), (viewer, 403, 403), (stranger, 404, 404)):
        assert {client.get(page).status_code for page in reads} == {wanted}
        assert {client.post(act).status_code for act in acts} | {sent(client).status_code} == {wanted}
        assert client.get(OUT).status_code == exports
    assert viewer.post(f"{OUT}add/", {"subject": "orders"}).status_code == 403
    assert agent.post(f"{OUT}add/", {"subject": "orders"}).status_code == 302
    assert in_shop(ann, lambda: (Import.objects.get().state, Export.objects.count())) == (Stage.DRAFT, 1)


def test_a_list_is_exported_as_it_is_filtered_and_only_members_get_the_file(
    ann: Merchant, agent: Client, viewer: Client, stranger: Client, admin: Client, settled: Callable[[], Any]
) -> None:
    with settled():
        at = sent(admin, csv_of([HEADERS, row("#1"), row("#2", email="jon@example.com")]))["Location"]
        admin.post(f"{at}check/", columns(ann))
    with settled():
        admin.post(f"{at}run/")
    page = agent.get("/m/ann/orders/?q=jon@example.com").content.decode()
    assert 'name="query" value="q=jon%40example.com"' in page
    assert "export-add" not in viewer.get("/m/ann/orders/").content.decode()
    assert "/exports/add/" not in viewer.get("/m/ann/orders/").content.decode()

    with settled():
        agent.post(f"{OUT}add/", {"subject": "orders", "form": "csv", "query": "q=jon%40example.com"})

    one = in_shop(ann, Export.objects.get)
    link = f"{OUT}{to_public('exp', one.pk)}/file/"
    assert link in agent.get(OUT).content.decode()
    lines = agent.get(link).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Order number", "#2"]
    assert (viewer.get(link).status_code, stranger.get(link).status_code) == (403, 404)
    assert stranger.get(link.replace("/ann/", "/bob/")).status_code == 404
    with in_merchant(ann):
        Export.objects.update(expires_at=one.created_at)
    assert agent.get(link).status_code == 404


def test_an_import_that_runs_is_asked_for_again_by_htmx_and_without_a_script(ann: Merchant, admin: Client) -> None:
    at = sent(admin)["Location"]
    admin.post(f"{at}check/", columns(ann))

    page = admin.get(at).content.decode()

    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in page
    assert admin.post(f"{at}check/", columns(ann)).status_code == 409
    assert admin.post(f"{at}cancel/").status_code == 302
    assert "Nothing was taken." in text(admin.get(at))
    assert admin.post(f"{at}run/").status_code == 409


def test_the_pages_take_a_fixed_number_of_queries(ann: Merchant, admin: Client) -> None:
    at, counts = sent(admin)["Location"], []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            for page in (IN, OUT, at):
                admin.get(page)
        counts.append(len(asked))
        for _ in range(5):
            sent(admin)
            admin.post(f"{OUT}add/", {"subject": "orders"})

    assert counts[0] == counts[1]
