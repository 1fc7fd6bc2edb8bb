"""Files of orders: how they are read, grouped, taken and refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Customer, Line, Order
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.transfers.files import HEADERS, SHOPIFY, begin, checked, csv_of, imported, in_shop, reasons, row, xlsx_of
from transfers import samples
from transfers.importing import refusals, splitting
from transfers.models import Import, Kind, Stage
from transfers.reading.sheet import Numbered

pytestmark = pytest.mark.django_db


def held(shop: Merchant) -> dict[str, list[tuple[str, int, int]]]:
    """Number -> (item, quantity, price) of its lines, in their order."""
    with in_merchant(shop):
        found: dict[str, list[tuple[str, int, int]]] = {number: [] for number in Order.objects.values_list("number", flat=True)}
        for line in Line.objects.select_related("order").order_by("order", "position"):
            found[line.order.number].append((line.title, line.quantity, line.unit_price))
    return found


def test_rows_of_one_order_become_one_order_wherever_they_stand(ann: Merchant) -> None:
    source = imported(ann, csv_of([HEADERS, row("#1", "Shirt"), row("#2", "Hat", n="3"), row("#1", "Socks", each="7.90")]))

    assert (source.state, source.rows, source.counts, source.errors) == (Stage.DONE, 3, {"created": 2}, 0)
    assert held(ann) == {"#1": [("Shirt", 1, 4900), ("Socks", 1, 790)], "#2": [("Hat", 3, 4900)]}


def test_a_check_writes_nothing_and_says_what_would_happen(ann: Merchant) -> None:
    imported(ann, csv_of([HEADERS, row("#1")]))

    source = checked(ann, csv_of([HEADERS, row("#1"), row("#2"), row("#3", at="31.31.2026"), row("", "Hat")]))

    assert (source.state, source.counts, source.errors) == (Stage.CHECKED, {"known": 1, "new": 1, "refused": 2}, 2)
    assert in_shop(ann, Order.objects.count) == 1
    assert reasons(ann, source) == [
        (4, "Placed at", "“31.31.2026” is not a date. Write it like 2026-12-31, or choose another date format."),
        (5, "Order number", "Order number is missing. Fill it in."),
    ]


def test_the_same_file_again_changes_nothing_and_a_mended_one_what_differs(ann: Merchant) -> None:
    rows = [HEADERS, row("#1"), row("#2")]
    imported(ann, csv_of(rows))
    before = in_shop(ann, lambda: list(Order.objects.order_by("id").values()))

    assert imported(ann, csv_of(rows)).counts == {"unchanged": 2}
    assert in_shop(ann, lambda: list(Order.objects.order_by("id").values())) == before
    assert imported(ann, csv_of([HEADERS, row("#1"), row("#2", n="2")])).counts == {"unchanged": 1, "updated": 1}
    assert held(ann)["#2"] == [("Linen shirt", 2, 4900)]


def test_an_order_with_one_bad_row_is_left_out_whole_and_its_rows_can_be_downloaded(ann: Merchant) -> None:
    source = imported(ann, csv_of([HEADERS, row("#1", "=Shirt"), row("#1", "Socks", n="some"), row("#2")]))

    assert (source.counts, list(held(ann))) == ({"created": 1, "refused": 1}, ["#2"])
    text = b"".join(refusals.as_csv(ann.pk, source)).decode("utf-8-sig")
    assert text.splitlines() == [
        "Order number,Placed at,Currency,Email,Item,Quantity,Unit price,Row,Column to mend,What to mend",
        '#1,2026-03-02 09:30,EUR,mia@example.com,\'=Shirt,1,49.00,2,,"Left out, because row 3 belongs to it and cannot be taken."',
        "#1,2026-03-02 09:30,EUR,mia@example.com,Socks,some,49.00,3,Quantity,"
        "“some” is not a number of pieces. Write a whole number from 1 up.",
    ]
    mended = text.replace("some,", "2,", 1).encode()
    assert imported(ann, mended).counts == {"created": 1}
    assert held(ann)["#1"] == [("=Shirt", 1, 4900), ("Socks", 2, 4900)]


def test_an_export_of_shopify_is_taken_as_it_is(ann: Merchant) -> None:
    first = ["#1001", "Mia@Example.com", "paid", "2026-03-02 09:31:00 +0100", "fulfilled", "yes", "EUR", "61.80", "4.90", "0.00", "61.80",
             "WELCOME", "5.00", "2026-03-02 09:30:00 +0100", "2", "Linen shirt", "25.95", "SHIRT", "Mia Berg", "Mia Berg",
             "Torstr. 12", "Torstr. 12", "Berlin", "'10119", "DE", "", "25.95", "5550001", "vip, spring", "web",
             "0.00", "+49 30 1"]  # fmt: skip
    second = ["#1001", "Mia@Example.com", *[""] * 11, "2026-03-02 09:30:00 +0100", "1", "Socks", "10.00", "SOCKS", *[""] * 12, "0.00", ""]

    source = imported(ann, csv_of([SHOPIFY, first, second]))

    assert (source.counts, reasons(ann, source)) == ({"created": 1}, [])
    order = in_shop(ann, lambda: Order.objects.select_related("customer").get())
    assert (order.external_id, order.number, order.email, order.customer.name) == ("5550001", "#1001", "mia@example.com", "Mia Berg")
    assert order.placed_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert (order.total, order.shipping_total, order.discount_total, order.refunded_total) == (6180, 490, 500, 2595)
    assert (order.ship_country, order.ship_postcode, order.tags, order.discount_codes) == ("DE", "10119", ["vip", "spring"], ["WELCOME"])
    assert order.marketing_consent["marketing_email"] is True


def test_a_german_file_with_semicolons_commas_and_umlauts_is_recognised(ann: Merchant) -> None:
    head = ["Bestellnummer", "Bestelldatum", "Währung", "E-Mail", "Vorname", "Nachname", "Artikelbezeichnung", "Artikelnummer", "Menge",
            "Einzelpreis", "Versandkosten", "Gesamtbetrag", "Straße", "PLZ", "Ort", "Land"]  # fmt: skip
    cells = ["B-7", "24.12.2025 18:05", "EUR", "jö@example.com", "Jörg", "Müller", "Größe L", "A1", "2", "1.234,50 €", "4,90 €",
             "2.473,90 €",
             "Hauptstraße 5", "80337", "München", "Deutschland"]  # fmt: skip

    body = csv_of([head, cells], ";").decode().encode("cp1252")
    source = begin(ann, body)
    assert {**source.how, "sure": True} == {"form": "csv", "encoding": "cp1252", "delimiter": ";", "dates": "dmy", "decimal": ",",
                                            "currency": "EUR", "sure": True}  # fmt: skip
    assert len(source.mapping) == 16
    imported(ann, body)

    order = in_shop(ann, lambda: Order.objects.select_related("customer").get())
    assert (order.number, order.total, order.shipping_total, order.items_total) == ("B-7", 247390, 490, 246900)
    assert order.placed_at == datetime(2025, 12, 24, 17, 5, tzinfo=UTC)
    assert (order.customer.last_name, order.shipping_address["city"], order.ship_country) == ("Müller", "München", "DE")


def test_an_export_of_woocommerce_fills_its_fields(ann: Merchant) -> None:
    head = ["Order Number", "Order Status", "Order Date", "First Name (Billing)", "Last Name (Billing)", "Email (Billing)",
            "Phone (Billing)", "First Name (Shipping)", "Address 1&2 (Shipping)", "City (Shipping)", "State Code (Shipping)",
            "Postcode (Shipping)", "Country Code (Shipping)", "Cart Discount Amount", "Order Shipping Amount", "Order Refund Amount",
            "Order Total Amount", "Order Total Tax Amount", "SKU", "Item #", "Item Name", "Quantity (- Refund)", "Item Cost",
            "Coupon Code"]  # fmt: skip

    source = begin(ann, csv_of([head, ["1"] * len(head)]))

    names = {head[at]: key for key, at in source.mapping.items()}
    assert names["Order Number"] == "number"
    assert (names["Item Name"], names["Quantity (- Refund)"], names["Item Cost"], names["SKU"]) == (
        "title",
        "quantity",
        "unit_price",
        "sku",
    )
    assert (names["Order Total Amount"], names["Order Shipping Amount"], names["Country Code (Shipping)"]) == (
        "total", "shipping_total", "ship_country")  # fmt: skip


def test_a_workbook_with_real_dates_and_numbers_is_taken(ann: Merchant) -> None:
    cells = [
        "#1",
        datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001 - as Excel has them
        "EUR",
        "mia@example.com",
        "Shirt",
        2,
        49.9,
    ]

    source = imported(ann, xlsx_of([HEADERS, cells, [None] * 7, ["#2", *cells[1:]]]), name="orders.xlsx")

    assert (source.state, source.problem, source.counts) == (Stage.DONE, "", {"created": 2})
    assert held(ann) == {"#1": [("Shirt", 2, 4990)], "#2": [("Shirt", 2, 4990)]}
    assert in_shop(ann, lambda: Order.objects.first().placed_at) == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def test_every_sample_imports_without_an_error_and_names_all_its_columns(ann: Merchant) -> None:
    for kind, wanted in ((Kind.ORDERS, 2), (Kind.CUSTOMERS, 2), (Kind.SHIPMENTS, 2)):
        source = imported(ann, csv_of(samples.ROWS[kind]), kind=kind)

        assert (kind, source.state, reasons(ann, source), sum(source.counts.values())) == (kind, Stage.DONE, [], wanted)
        assert len(source.mapping) == len(source.headers)
    assert in_shop(ann, lambda: set(Customer.objects.values_list("locale", flat=True))) == {"de", "fr"}


LINES = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 9)), min_size=1, max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, held_at_once=st.integers(200, 3000), parts=st.integers(1, 7))
def test_grouping_depends_on_neither_order_nor_parts(lines: list[tuple[int, int]], held_at_once: int, parts: int) -> None:
    rows = [Numbered(at, [f"#{order}", str(units)]) for at, (order, units) in enumerate(lines, 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "HELD", held_at_once)
        found: dict[int, list[Numbered]] = {}
        for packed, _count in splitting.segments(rows, lambda one: one.cells[0], parts):
            for one in packed:
                found.setdefault(one.part, []).extend(splitting.unpacked(one.body))

    assert sorted(one.number for part in found.values() for one in part) == [one.number for one in rows]
    for order in {one.cells[0] for one in rows}:
        places = [(part, one) for part, held_rows in found.items() for one in held_rows if one.cells[0] == order]
        assert len({part for part, _ in places}) == 1
        assert [one for _, one in places] == [one for one in rows if one.cells[0] == order]


def test_an_import_is_ann_s_alone(ann: Merchant, bob: Merchant) -> None:
    imported(ann, csv_of([HEADERS, row("#1")]))

    assert (in_shop(bob, Import.objects.count), in_shop(bob, Order.objects.count)) == (0, 0)
