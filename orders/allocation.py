"""Share what an order carries as a whole out over its lines, once, when it is recorded: refunds, points and claims rest on these shares."""

from typing import NamedTuple

from integrations.types import LineData, OrderData
from postpurchase.lib.money import allocate


class Share(NamedTuple):
    """What one line bears, its own and its part of the order's. Minor units of the order's currency."""

    discount: int
    tax: int
    shipping: int


def shares(order: OrderData) -> list[Share]:
    """The share of each line, in the order of the lines.

    Each amount is split by largest remainder: the discount by what a line costs after its own discount, tax that no line tells and
    shipping by what it costs after both. Shipping falls on the lines that are shipped, if there are any. The sums are exact;
    no line bears more discount than it costs, given an order that check.order() lets pass.
    """
    if not order.lines:
        return []
    own = [line.unit_price * line.quantity - line.discount for line in order.lines]
    discounts = _split(order.order_discount, own)
    net = [cost - discount for cost, discount in zip(own, discounts, strict=True)]
    untold = max(0, order.tax_total - sum(line.tax for line in order.lines))
    taxes = _split(untold, net)
    shipping = _split(order.shipping_total, _shipped(order.lines, net))
    return [
        Share(line.discount + discount, line.tax + tax, freight)
        for line, discount, tax, freight in zip(order.lines, discounts, taxes, shipping, strict=True)
    ]


def _split(amount: int, weights: list[int]) -> list[int]:
    return allocate(amount, weights) if amount else [0] * len(weights)


def _shipped(lines: list[LineData], net: list[int]) -> list[int]:
    """Weights for shipping: the net of shipped lines; equal ones where those cost nothing; every line where none is shipped."""
    weights = [cost if line.requires_shipping else 0 for line, cost in zip(lines, net, strict=True)]
    if any(weights):
        return weights
    return [int(line.requires_shipping) for line in lines] if any(line.requires_shipping for line in lines) else net
