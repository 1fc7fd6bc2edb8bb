"""The pages of emails that merchants design: begun, changed, checked, tried, published, taken back; and sent as published."""

import html
from typing import Any

import pytest
from django.test import Client

from notifications import trial
from notifications.cases import load
from notifications.designs import keeping
from notifications.designs.content import read
from notifications.models import EmailDesign, Message, Stream
from notifications.render import render
from orders.models import Order
from postpurchase.lib import versions
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import AuditEntry, Brand, Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

pytestmark = pytest.mark.django_db
AT = "/m/ann/designs/d/ours/"
ONCE = "once-0123456789-0123456789"


@pytest.fixture
def design(shop: Merchant) -> EmailDesign:
    with in_merchant(shop):
        return keeping.begin("Ours", "shipped", "transactional", "en")


def kept(shop: Merchant) -> EmailDesign:
    with in_merchant(shop):
        return EmailDesign.objects.select_related("live").get(key="ours")


def blocks(shop: Merchant) -> list[str]:
    return [one.id for one in read(kept(shop).draft).blocks]


def acts(shop: Merchant) -> list[str]:
    with in_merchant(shop):
        return list(AuditEntry.objects.filter(act__startswith="design.").order_by("number").values_list("act", flat=True))


def test_an_empty_list_says_what_a_design_is_and_offers_to_begin(shop: Merchant, admin: Client, viewer: Client) -> None:
    assert "No design yet" in text(admin.get("/m/ann/designs/"))
    assert "New design" in text(admin.get("/m/ann/designs/"))
    assert "An owner or admin of your shop can begin one." in text(viewer.get("/m/ann/designs/"))


def test_a_design_begins_as_one_of_our_emails_in_all_languages(shop: Merchant, admin: Client) -> None:
    answer = admin.post("/m/ann/designs/add/", {"name": "Ours", "base": "review_request", "stream": "transactional"})

    assert (answer.status_code, answer["Location"]) == (302, AT)
    row = kept(shop)
    assert (row.stream, row.live, sorted(read(row.draft).words)) == (Stream.MARKETING, None, ["de", "es", "fr", "ja", "pt-br"])
    assert acts(shop) == ["design.begun"]
    assert "Ours" in text(admin.get("/m/ann/designs/"))


def test_the_page_lists_blocks_opens_one_and_shows_what_can_be_named(design: EmailDesign, admin: Client) -> None:
    page = admin.get(f"{AT}?block=lead").content.decode()

    assert "Progress of the parcel" in page
    assert 'name="title"' in page
    assert 'data-insert="{{ order.first_name }}"' in page
    assert 'aria-label="Move up"' in page


def test_a_viewer_looks_and_is_offered_nothing(design: EmailDesign, viewer: Client) -> None:
    page = viewer.get(f"{AT}?block=lead").content.decode()

    assert "Preview" in page
    assert "<form method" not in page.partition("<main")[2].partition("</main>")[0]
    assert "designs.js" not in page


def test_blocks_are_added_moved_doubled_and_taken_out(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    assert admin.post(f"{AT}arrange/", {"op": "add", "kind": "faq"})["Location"] == f"{AT}?block=faq"
    assert blocks(shop) == ["header", "lead", "tracking", "button", "items", "faq", "footer"]
    for op, after in (("up", "items"), ("up", "button"), ("down", "items")):
        admin.post(f"{AT}arrange/", {"op": op, "block": "faq"})
        assert blocks(shop).index("faq") < blocks(shop).index(after) or after == "items"
    admin.post(f"{AT}arrange/", {"op": "to", "block": "faq", "at": "0"})
    assert blocks(shop)[0] == "faq"
    admin.post(f"{AT}arrange/", {"op": "copy", "block": "lead"})
    assert blocks(shop) == ["faq", "header", "lead", "text", "tracking", "button", "items", "footer"]
    assert read(kept(shop).draft).words["de"]["text.title"] == read(kept(shop).draft).words["de"]["lead.title"]
    admin.post(f"{AT}arrange/", {"op": "remove", "block": "text"})
    assert "text.title" not in read(kept(shop).draft).words["de"]
    assert blocks(shop) == ["faq", "header", "lead", "tracking", "button", "items", "footer"]


def test_a_block_that_was_taken_out_is_put_back_with_its_words(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    before = kept(shop).draft
    offered = admin.post(f"{AT}arrange/", {"op": "remove", "block": "lead"}, follow=True)
    assert "“Text” is taken out.</span>" in html.unescape(offered.content.decode())
    wanted = {"op": "back", "block": "lead"}

    assert [admin.post(f"{AT}arrange/", wanted).status_code for _ in range(2)] == [302, 302]

    assert kept(shop).draft == before
    assert admin.post(f"{AT}arrange/", {"op": "back", "block": "items"}).status_code == 409
    assert blocks(shop) == ["header", "lead", "tracking", "button", "items", "footer"]
    assert acts(shop) == ["design.changed"] * 3


def test_a_second_press_on_an_old_page_does_nothing(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    drawn = {"op": "copy", "block": "lead", "order": ",".join(blocks(shop))}
    admin.post(f"{AT}arrange/", drawn)
    once = blocks(shop)

    answer = admin.post(f"{AT}arrange/", drawn, follow=True)

    assert blocks(shop) == once
    assert "The blocks have changed meanwhile." in html.unescape(answer.content.decode())


def test_the_open_form_is_kept_in_the_main_language_and_in_others(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    admin.post(f"{AT}change/", {"block": "lead", "title": "Off it goes", "text": "Now.", "size": "small"})
    admin.post(f"{AT}change/", {"block": "lead", "language": "de", "title": "Los geht es", "text": ""})
    admin.post(f"{AT}change/", {"name": "Theirs", "subject": "Gone", "preheader": "Away", "sms": ""})

    content = read(kept(shop).draft)
    lead = content.block("lead")
    assert (lead.title, lead.size) == ("Off it goes", "small")  # type: ignore[union-attr]
    assert content.words["de"]["lead.title"] == "Los geht es"
    assert "lead.text" not in content.words["de"]
    assert (kept(shop).name, content.subject) == ("Theirs", "Gone")
    assert kept(shop).live is None


def test_rows_of_a_list_grow_by_one_and_empty_ones_go(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    admin.post(f"{AT}arrange/", {"op": "add", "kind": "faq"})
    admin.post(f"{AT}change/", {"block": "faq", "title": "", "questions.0.title": "Why?", "questions.0.text": "So."})
    page = admin.get(f"{AT}?block=faq").content.decode()

    assert 'name="questions.1.title"' in page
    assert 'name="questions.2.title"' not in page
    admin.post(f"{AT}change/", {"block": "faq", "questions.0.title": "Why?", "questions.0.text": "So.", "questions.1.title": ""})
    assert len(read(kept(shop).draft).block("faq").questions) == 1  # type: ignore[union-attr]


def test_what_is_typed_is_kept_and_the_preview_follows(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    given = {"block": "lead", "title": "Off it goes", "text": "", "size": "big"}

    answer = admin.post(f"{AT}change/", given, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert 'id="frames"' in answer.content.decode()
    assert "Draft kept at" in answer.content.decode()
    assert "Off it goes" in admin.get(f"{AT}preview/").content.decode()
    too_long = admin.post(f"{AT}change/", given | {"title": "x" * 301}, headers={"HX-Request": "true"}).content.decode()
    assert "Not kept" in too_long
    assert read(kept(shop).draft).block("lead").title == "Off it goes"  # type: ignore[union-attr]
    assert admin.post(f"{AT}change/", given | {"title": "x" * 301}).status_code == 422


def test_the_preview_is_in_a_sandbox_in_the_dark_in_another_language_and_as_text(design: EmailDesign, admin: Client) -> None:
    light, dark = admin.get(f"{AT}preview/"), admin.get(f"{AT}preview/?shade=dark&language=de")

    assert light["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "@media not all" in light.content.decode()
    assert "@media all" in dark.content.decode()
    assert '<html lang="de"' in dark.content.decode()
    plain = admin.get(f"{AT}preview/?as=text")
    assert plain["Content-Type"].startswith("text/plain")
    assert "Follow your parcel: http" in plain.content.decode()


def test_broken_liquid_is_kept_said_and_not_published(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    admin.post(f"{AT}change/", {"block": "lead", "title": "{% if %}", "size": "big"})

    assert "It cannot be drawn yet. Text: Line 1: missing expression" in admin.get(f"{AT}preview/").content.decode()
    answer = admin.post(f"{AT}publish/")

    assert answer.status_code == 422
    assert "Must be mended: Line 1: missing expression" in text(answer)
    assert kept(shop).live is None
    assert "design.published" not in acts(shop)


def test_a_design_is_checked_published_and_taken_back(shop: Merchant, design: EmailDesign, admin: Client, settled: Any) -> None:
    assert "Nothing. It can be published." in text(admin.get(f"{AT}?check=1"))
    admin.post(f"{AT}publish/")
    first = kept(shop)
    assert (first.live.number, first.links_due_at is None) == (1, False)
    admin.post(f"{AT}publish/")
    assert kept(shop).live.number == 1  # nothing has changed: a second press makes no second version
    admin.post(f"{AT}change/", {"block": "lead", "title": "Off it goes", "size": "big"})
    assert "The draft differs from what is sent." in text(admin.get(AT))
    admin.post(f"{AT}publish/")
    assert kept(shop).live.number == 2

    admin.post(f"{AT}restore/", {"number": "1"})

    assert kept(shop).live.number == 1
    assert kept(shop).draft == first.draft
    assert acts(shop) == ["design.published", "design.published", "design.changed", "design.published", "design.restored"]
    assert admin.post(f"{AT}restore/", {"number": "7"}).status_code == 409
    assert "Must be mended" not in text(admin.get(AT))


def test_a_test_of_the_draft_goes_to_the_team_only_and_once(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    with in_merchant(shop):
        order = to_public("ord", Order.objects.get(number="#1043").pk)
    given = {"to": "admin@ann.example", "once": ONCE, "order": order}

    assert admin.post(f"{AT}test/", given | {"to": "anna@example.com"}).status_code == 422
    for _ in range(2):
        assert "/messages/msg_" in admin.post(f"{AT}test/", given)["Location"]

    with in_merchant(shop):
        row = Message.objects.get(template="design:ours")
        assert (row.test, row.to_address, row.order.number) == (True, "admin@ann.example", "#1043")  # type: ignore[union-attr]
        assert render(load([row])[0]).subject.startswith("[Test] ")
    assert acts(shop) == ["design.tested", "design.tested"]


def test_what_is_sent_is_the_live_version_not_the_draft(shop: Merchant, design: EmailDesign) -> None:
    with in_merchant(shop):
        order = Order.objects.get(number="#1043")
        with pytest.raises(LookupError, match="never published"):
            render(load([trial.of_design(design, order)])[0])
        versions.publish(keeping.locked("ours"))
        row = keeping.locked("ours")
        content = read(row.draft)
        content.subject = "A draft"
        keeping.keep(row, content)

        drawn = render(load([trial.of_design(row, order)])[0])

    assert "A draft" not in drawn.subject
    assert "#1043" in drawn.subject


def test_the_pages_ask_the_same_questions_however_many_designs_there_are(
    shop: Merchant, design: EmailDesign, admin: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    admin.get("/m/ann/designs/")
    with django_assert_max_num_queries(30) as few:
        admin.get("/m/ann/designs/")
    with in_merchant(shop):
        for n in range(5):
            keeping.begin(f"More {n}", "", "marketing", Brand.objects.get().locale)

    with django_assert_num_queries(len(few.captured_queries)):
        admin.get("/m/ann/designs/")


def test_malformed_asks_change_nothing(shop: Merchant, design: EmailDesign, admin: Client) -> None:
    before = kept(shop).draft

    assert admin.post(f"{AT}arrange/", {"op": "explode", "block": "lead"}).status_code == 409
    assert admin.post(f"{AT}arrange/", {"op": "add", "kind": "script"}).status_code == 409
    assert admin.post(f"{AT}restore/", {"number": "1; DROP"}).status_code == 409
    assert admin.get("/m/ann/designs/d/none/").status_code == 404
    for op in ("up", "down", "copy", "remove", "to"):
        admin.post(f"{AT}arrange/", {"op": op, "block": "nobody"})
    assert kept(shop).draft == before
