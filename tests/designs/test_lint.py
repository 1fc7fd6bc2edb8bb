"""What the check finds, on designs that somebody labelled; and that it finds nothing on good ones."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from integrations.models import Connection
from notifications import lint, ours
from notifications.definition import Definition, Send, loose
from notifications.designs import builtin, keeping, links
from notifications.designs.content import Content, read
from notifications.library import DEFAULTS
from notifications.lint import promotion
from notifications.models import EmailDesign, Stream
from orders.intake import record_orders
from orders.models import Order
from postpurchase.jobs import eager
from postpurchase.lib import versions
from postpurchase.tenancy.models import Brand, Merchant
from tests.designs.conftest import HEADER, made
from tests.factories import order_data
from tests.notifications.conftest import NOW
from tracking.models import Shipment

pytestmark = pytest.mark.django_db
GRID = [{"title": f"Product {n}", "url": "https://shop.northlight.se/p", "price": "€20"} for n in range(3)]

# (what is wrong, blocks, what is changed of the rest, in which stream, the rule that must see it, how bad it is)
BAD: list[tuple[str, list[dict[str, Any]], dict[str, Any], str, str, str]] = [
    ("a coupon", [{"type": "coupon", "code": "X"}], {}, "transactional", "promotion", "error"),
    ("a product grid", [{"type": "recommendations", "products": GRID}], {}, "transactional", "promotion", "error"),
    ("selling, en", [{"type": "text", "text": "Use this voucher"}], {}, "transactional", "promotion", "error"),
    ("selling, de", [], {"words": {"de": {"lead.title": "Jetzt sichern: 10 % Rabatt"}}}, "transactional", "promotion", "error"),
    ("selling, fr", [], {"words": {"fr": {"lead.title": "Nos soldes ont commencé"}}}, "transactional", "promotion", "error"),
    ("selling, es", [], {"words": {"es": {"lead.title": "Tu descuento te espera"}}}, "transactional", "promotion", "error"),
    ("selling, pt-br", [], {"words": {"pt-br": {"lead.title": "Aproveite nossa promoção"}}}, "transactional", "promotion", "error"),
    ("selling, ja", [], {"words": {"ja": {"lead.title": "次回のご注文に使えるクーポン"}}}, "transactional", "promotion", "error"),
    ("selling in the subject", [], {"subject": "Black Friday is here"}, "transactional", "promotion", "error"),
    ("no way out", [], {"blocks": [HEADER, {"type": "text", "id": "t", "text": "x"}]}, "marketing", "unsubscribe", "error"),
    ("nobody writes", [], {"blocks": [HEADER, {"type": "text", "id": "t", "text": "x"}]}, "transactional", "footer", "warning"),
    ("an unknown name", [{"type": "text", "text": "{{ order.nmber }}"}], {}, "transactional", "unknown", "error"),
    ("a whole object", [{"type": "text", "text": "{{ order }}"}], {}, "transactional", "unknown", "error"),
    ("an unknown name in Japanese", [], {"words": {"ja": {"lead.title": "{{ customer.name }}"}}}, "transactional", "unknown", "error"),
    ("an empty name", [{"type": "text", "text": "{{ brand.website }}"}], {}, "transactional", "unfilled", "error"),
    ("broken Liquid", [{"type": "text", "text": "{% if order.number %}"}], {}, "transactional", "liquid", "error"),
    ("an endless loop", [{"type": "text", "text": "{% for i in (1..999999999) %}x{% endfor %}"}], {}, "transactional", "liquid", "error"),
    ("a picture nobody described", [{"type": "image", "image": "https://a.se/i.png"}], {}, "transactional", "alt", "error"),
    ("a picture without address", [{"type": "image", "alt": "A cat"}], {}, "transactional", "empty", "error"),
    ("a button without words", [{"type": "button"}], {}, "transactional", "empty", "error"),
    ("a link over http", [{"type": "button", "label": "Go", "url": "http://a.se/"}], {}, "transactional", "link", "error"),
    ("a script as link", [{"type": "text", "text": '<a href="javascript:x">x</a>'}], {}, "transactional", "link", "error"),
    ("a link to #", [{"type": "text", "text": '<a href="#">x</a>'}], {}, "transactional", "link", "error"),
    ("a link to a bare word", [{"type": "button", "label": "Go", "url": "https://shop/"}], {}, "transactional", "link", "error"),
    ("a link to example.com", [{"type": "button", "label": "Go", "url": "https://example.com/"}], {}, "transactional", "link", "warning"),
    ("no subject", [], {"subject": " "}, "transactional", "subject", "error"),
    ("a long subject", [], {"subject": "Your order {{ order.number }} " + "has left " * 8}, "transactional", "subject", "warning"),
    ("a very long subject", [], {"subject": "Your order has left " * 10}, "transactional", "subject", "error"),
    ("no preview text", [], {"preheader": ""}, "transactional", "preheader", "warning"),
    ("a long preview text", [], {"preheader": "It has left. " * 14}, "transactional", "preheader", "warning"),
    (
        "too big",
        [{"type": "text", "text": "{% for i in (1..60) %}" + "word " * 400 + "{% endfor %}"}],
        {},
        "transactional",
        "size",
        "error",
    ),
    ("an empty text", [{"type": "text"}], {}, "transactional", "empty", "warning"),
]
GOOD: list[tuple[str, list[dict[str, Any]], str]] = [
    ("only a text", [], "transactional"),
    ("a coupon among news", [{"type": "coupon", "code": "TRAIL10"}], "marketing"),
    ("a grid among news", [{"type": "recommendations", "products": GRID}], "marketing"),
    ("a default", [{"type": "text", "text": "Dear {{ order.first_name | default: 'you' }}"}], "transactional"),
    ("a test", [{"type": "text", "text": "{% if brand.website %}{{ brand.website }}{% endif %}."}], "transactional"),
    ("a loop", [{"type": "text", "text": "{% for line in order.lines %}{{ line.title }} {% endfor %}"}], "transactional"),
    ("how many", [{"type": "text", "text": "{{ order.lines.size }} things"}], "transactional"),
    ("mail", [{"type": "button", "label": "Write", "url": "mailto:help@northlight.se"}], "transactional"),
    ("a link made here", [{"type": "text", "text": '<a href="{{ tracking_url }}">Follow</a>'}], "transactional"),
    ("words that sound like it", [{"type": "text", "text": "The sales desk, wholesale and a discounted cash flow."}], "transactional"),
    ("a French word", [{"type": "text", "text": "Sale as in dirty"}], "transactional"),
]


@pytest.fixture
def orders(parcel: Shipment, order: Order, ann_api: Connection) -> list[Order]:
    """Six of them."""
    more = [order_data(placed_at=NOW, updated_at=NOW, email=f"a{n}@example.de") for n in range(5)]
    record_orders(more, connection_id=ann_api.pk)
    return list(Order.objects.select_related("customer"))


def design(blocks: list[dict[str, Any]], changed: dict[str, Any]) -> Content:
    return made(*blocks, **changed)


@pytest.mark.parametrize(("blocks", "changed", "stream", "rule", "severity"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_it_finds_what_is_wrong(
    orders: list[Order], blocks: list[dict[str, Any]], changed: dict[str, Any], stream: str, rule: str, severity: str
) -> None:
    found = lint.check(design(blocks, changed), stream, orders)

    assert (rule, severity) in {(one.rule, one.severity) for one in found}
    assert all(one.text and one.fix for one in found)
    assert [one for one in found if one.severity == lint.ERROR] == found[: sum(one.severity == lint.ERROR for one in found)]


@pytest.mark.parametrize(("blocks", "stream"), [one[1:] for one in GOOD], ids=[one[0] for one in GOOD])
def test_it_says_nothing_of_what_is_good(orders: list[Order], blocks: list[dict[str, Any]], stream: str) -> None:
    assert lint.check(design(blocks, {}), stream, orders) == []


@pytest.mark.parametrize("base", builtin.DRAWN)
def test_our_own_emails_may_be_published_as_they_are(orders: list[Order], base: str) -> None:
    found = lint.check(builtin.content(base, "de"), builtin.STREAMS[base], orders)

    assert [one for one in found if one.severity == lint.ERROR] == []


def test_it_says_the_same_twice_and_names_the_block(orders: list[Order]) -> None:
    content = made({"type": "text", "text": "{{ order.nmber }} voucher"}, {"type": "image", "image": "https://a.se/i.png"})

    once, twice = lint.check(content, "transactional", orders), lint.check(content, "transactional", list(reversed(orders)))

    assert once == twice
    assert {(one.rule, one.block) for one in once} >= {("unknown", "b0"), ("promotion", "b0"), ("alt", "b1")}


def test_a_ground_that_text_cannot_be_read_on_is_found(orders: list[Order], ann_brand: Brand) -> None:
    Brand.objects.update(surface="#777777")
    assert {(one.rule, one.severity) for one in lint.check(made(), "transactional", orders)} == {("contrast", "error")}

    Brand.objects.update(surface="#faf9f6", accent="#f6f4ee")
    assert {(one.rule, one.severity) for one in lint.check(made(), "transactional", orders)} == {("contrast", "warning")}


def test_a_step_of_a_flow_is_checked_by_the_name_of_its_email(orders: list[Order]) -> None:
    assert lint.template("shipped", Stream.TRANSACTIONAL) == []
    assert lint.template("review_request", Stream.MARKETING) == []
    assert [one.rule for one in lint.template("review_request", Stream.TRANSACTIONAL)] == ["promotion"]
    assert [one.rule for one in lint.template("no_such", Stream.TRANSACTIONAL)] == ["missing"]
    assert [one.rule for one in lint.template("design:none", Stream.TRANSACTIONAL)] == ["missing"]
    row = keeping.begin("Ours", "shipped", "transactional", "en")
    assert [one.text for one in lint.template("design:ours", Stream.TRANSACTIONAL)] == ["The design “ours” was never published."]
    versions.publish(row)
    assert lint.template("design:ours", Stream.TRANSACTIONAL) == []


def test_how_many_questions_it_asks_does_not_depend_on_how_many_orders(
    orders: list[Order], django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12) as few:
        lint.check(made(), "transactional", orders[:1])

    with django_assert_num_queries(len(few.captured_queries)):
        lint.check(made(), "transactional", orders)


def test_links_are_called_by_a_worker_and_the_dead_ones_are_warnings(in_ann: Merchant, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = []
    row = keeping.begin("Ours", "", "transactional", "en")
    content = made(
        {"type": "button", "label": "Go", "url": "https://127.0.0.1/gone"},
        {"type": "button", "label": "Go", "url": "https://10.0.0.1.nip.se/"},
    )
    keeping.keep(row, content)
    with eager.collected():
        links.ask(row)

    assert links.waiting(in_ann.pk) == [row.pk]
    links.carry_out(in_ann.pk, row.pk)

    found = EmailDesign.objects.get()
    assert found.links_due_at is None
    assert "https://127.0.0.1/gone" in {url for url, _said in found.links["dead"]}
    assert {one.severity for one in lint.dead(found)} == {lint.WARNING}
    assert links.waiting(in_ann.pk) == []


@how(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "de", "fr", "es", "pt-br", "ja"]))
def test_words_that_sell_are_looked_for_in_any_text(text: str, language: str) -> None:
    assert promotion.word(text, language) in text
    assert promotion.word(f"{text} black friday", language)


def test_the_share_of_what_is_not_the_order() -> None:
    assert promotion.share(made()) == 0
    assert promotion.share(read({"blocks": [{"type": "coupon", "id": "c"}]})) == 100
    assert promotion.share(made({"type": "social"}, {"type": "summary"}, {"type": "items"})) == 9


def plan(*sends: dict[str, Any], stream: str = "transactional") -> Definition:
    """A flow of messages, one after the other."""
    steps = [{"do": "send", "id": f"s{n}", **one} for n, one in enumerate(sends)]
    return loose({"triggers": [{"event": "order.placed"}], "key": "order", "stream": stream, "steps": steps})


def test_the_messages_of_a_flow_are_told_at_their_steps(orders: list[Order]) -> None:
    design = keeping.begin("Ours", "shipped", "transactional", "en")
    keeping.keep(design, made(sms="Off it goes, {{ order.nmber }}"))
    versions.publish(design)
    EmailDesign.objects.update(links={"dead": [["https://a.se/gone", "404"]]})
    sends = [{"template": "follow_up"}, {"template": "shipped", "channel": "sms"}, {"template": "refunded", "channel": "sms"}]

    found = lint.flow(plan(*sends, {"template": "design:ours"}, {"template": "design:ours", "channel": "sms"}))

    told = {(step, one.rule, one.severity) for step, one in found}
    texts = {(f"s{n}", "account", "warning") for n in (1, 2, 4)}
    assert told == texts | {
        ("s0", "promotion", "error"),
        ("s2", "no_text", "error"),
        ("s3", "unknown", "error"),
        ("s3", "link", "warning"),
        ("s4", "unknown", "error"),
        ("s4", "unfilled", "error"),
    }


def test_a_flow_is_checked_by_the_same_questions_however_many_steps_it_has(orders: list[Order], django_assert_num_queries: Any) -> None:
    few = plan({"template": "delivered"}, {"template": "confirmation"})
    many = plan(*[{"template": name} for name in (*ours.NEWS, "design:gone")])

    with CaptureQueriesContext(connection) as asked:
        lint.flow(few)
    with django_assert_num_queries(len(asked) + 1):  # the designs
        lint.flow(many)
    with django_assert_num_queries(2):
        assert [one.finding.rule for one in lint.flow(many, orders=())] == ["missing"]


def test_every_template_of_the_library_may_be_published() -> None:
    names = {step.template for default in DEFAULTS for step in default.definition.steps if isinstance(step, Send)}

    assert names <= {*ours.STREAMS}
    assert {*ours.NEWS} > ours.OF_PARCEL
