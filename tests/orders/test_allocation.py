"""What an order carries as a whole is shared out over its lines and units without losing or making a cent."""

from hypothesis import given
from hypothesis import strategies as st

from integrations.types import LineData, OrderData
from orders.allocation import Share, shares
from orders.models import Line, Order
from tests.factories import line_data, order_data

prices = st.integers(0, 10**7)


@st.composite
def orders(draw: st.DrawFn) -> OrderData:
    """Orders that pass the checks, in currencies of zero, two and three decimals (the arithmetic is on minor units in all of them)."""
    lines: list[LineData] = []
    for n in range(draw(st.integers(1, 6))):
        price, quantity = draw(prices), draw(st.integers(1, 12))
        lines.append(
            line_data(
                external_id=f"{n}",
                unit_price=price,
                quantity=quantity,
                discount=draw(st.integers(0, price * quantity)),
                tax=draw(st.integers(0, 1000)),
                requires_shipping=draw(st.booleans()),
            )
        )
    net = sum(line.unit_price * line.quantity - line.discount for line in lines)
    return order_data(
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        lines=lines,
        order_discount=draw(st.integers(0, net)),
        shipping_total=draw(prices),
        tax_total=draw(st.integers(0, 10**6)),
    )


@given(orders())
def test_the_shares_of_the_lines_sum_to_the_order(order: OrderData) -> None:
    found = shares(order)

    assert sum(share.discount for share in found) == sum(line.discount for line in order.lines) + order.order_discount
    assert sum(share.tax for share in found) == max(order.tax_total, sum(line.tax for line in order.lines))
    assert sum(share.shipping for share in found) == order.shipping_total


@given(orders())
def test_no_line_bears_less_than_its_own_or_more_discount_than_it_costs(order: OrderData) -> None:
    for line, share in zip(order.lines, shares(order), strict=True):
        assert line.discount <= share.discount <= line.unit_price * line.quantity
        assert share.tax >= line.tax
        assert share.shipping >= 0


@given(orders())
def test_shipping_falls_on_what_is_shipped(order: OrderData) -> None:
    if any(line.requires_shipping for line in order.lines):
        assert all(share.shipping == 0 for line, share in zip(order.lines, shares(order), strict=True) if not line.requires_shipping)


@given(orders(), st.data())
def test_refunding_the_units_one_by_one_in_any_order_gives_back_the_order(order: OrderData, data: st.DataObject) -> None:
    units = [
        (line.unit_price - discount + tax, shipping)
        for line, share in zip(order.lines, shares(order), strict=True)
        for discount, tax, shipping in as_row(line, share).unit_amounts()
    ]

    paid = sum(price + shipping for price, shipping in data.draw(st.permutations(units)))

    items = sum(line.unit_price * line.quantity - line.discount for line in order.lines) - order.order_discount
    assert paid == items + max(order.tax_total, sum(line.tax for line in order.lines)) + order.shipping_total
    assert all(price >= 0 and shipping >= 0 for price, shipping in units)


def as_row(line: LineData, share: Share) -> Line:
    return Line(order=Order(), quantity=line.quantity, unit_price=line.unit_price, **share._asdict())


def test_two_hundred_less_ten_per_cent_with_ten_per_cent_tax() -> None:
    order = order_data(lines=[line_data(unit_price=10000, quantity=2)], order_discount=2000, tax_total=1800, shipping_total=0)

    [share] = shares(order)

    assert as_row(order.lines[0], share).unit_amounts() == [(1000, 900, 0), (1000, 900, 0)]


def test_a_free_line_bears_no_discount_and_a_free_order_shares_shipping_evenly() -> None:
    gift = order_data(lines=[line_data(unit_price=0), line_data(unit_price=100)], order_discount=50, shipping_total=10)
    free = order_data(lines=[line_data(unit_price=0), line_data(unit_price=0)], shipping_total=11)

    assert shares(gift) == [Share(0, 0, 0), Share(50, 0, 10)]
    assert [share.shipping for share in shares(free)] == [6, 5]


def test_an_order_of_downloads_shares_its_shipping_by_value() -> None:
    lines = [line_data(unit_price=300, requires_shipping=False), line_data(unit_price=100, requires_shipping=False)]

    assert [share.shipping for share in shares(order_data(lines=lines, shipping_total=8))] == [6, 2]


def test_no_lines_no_shares() -> None:
    assert shares(order_data(lines=[])) == []
