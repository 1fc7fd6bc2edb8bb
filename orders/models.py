"""Customers, orders, their lines, refunds, and the history of changes. Amounts are minor units of the order's presentment currency."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from integrations.models import Connection
from postpurchase.lib import clock
from postpurchase.lib.money import unit_shares
from postpurchase.tenancy.base import TenantForeignKey, TenantManager, TenantModel
from postpurchase.ui.paging import NEWEST_FIRST


def _key(expression: models.Func) -> models.GeneratedField:
    return models.GeneratedField(expression=expression, output_field=models.CharField(db_collation="C", max_length=240), db_persist=True)


class Customer(TenantModel):
    """A person who buys from one merchant; found by email."""

    email = models.CharField(max_length=254, blank=True)  # lower case
    phone = models.CharField(max_length=40, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    tags = ArrayField(
        models.CharField(max_length=60), default=list, db_default=models.Value([], ArrayField(models.CharField(max_length=60)))
    )
    created_at = models.DateTimeField(default=clock.business_now)
    erased_at = models.DateTimeField(null=True)
    # The name from each of its words on, plain (orders_fold: no case, no accents): "berg mia", "mia berg", and two more for longer names.
    # Row level security keeps indexes on expressions from being used (lower() is not leakproof): hence columns for search.
    name_key = _key(models.Func("last_name", "first_name", function="orders_name_key"))
    first_key = _key(models.Func("first_name", "last_name", function="orders_name_key"))
    third_key = _key(models.Func("first_name", "last_name", models.Value(1), function="orders_name_from"))
    fourth_key = _key(models.Func("first_name", "last_name", models.Value(2), function="orders_name_from"))

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "email"], name="customer_email", condition=~models.Q(email=""))]
        indexes = [
            models.Index(fields=["merchant", "name_key"], name="customer_by_name"),
            models.Index(fields=["merchant", "first_key"], name="customer_by_first"),
            models.Index(fields=["merchant", "third_key"], name="customer_by_third", condition=models.Q(third_key__gt="")),
            models.Index(fields=["merchant", "fourth_key"], name="customer_by_fourth", condition=models.Q(fourth_key__gt="")),
        ]

    @property
    def name(self) -> str:
        """First and last name; the email where there is neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class OrderQuerySet(models.QuerySet["Order"]):
    """Questions about many orders."""

    def newest_first(self) -> "OrderQuerySet":
        """The order of every list; keyset paging rests on it."""
        return self.order_by(*NEWEST_FIRST)


class Order(TenantModel):
    """What somebody bought, as the shop last told it."""

    connection = TenantForeignKey(Connection, models.RESTRICT, related_name="+", db_index=False)  # order_external_id serves
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=60)
    number_key = models.GeneratedField(expression=Lower("number"), output_field=models.CharField(max_length=60), db_persist=True)
    customer = TenantForeignKey(Customer, models.RESTRICT, null=True, related_name="orders", db_index=False)
    email = models.CharField(max_length=254, blank=True)  # lower case
    phone = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField()
    source_updated_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.business_now)

    currency = models.CharField(max_length=3)
    items_total = models.BigIntegerField()  # sum of unit price x quantity, before discounts
    discount_total = models.BigIntegerField(default=0)  # of lines and order together
    shipping_total = models.BigIntegerField(default=0)
    tax_total = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    refunded_total = models.BigIntegerField(default=0)
    taxes_included = models.BooleanField(default=False)
    shop_currency = models.CharField(max_length=3)
    shop_totals = models.JSONField(null=True)  # {items, discount, shipping, tax, total} in shop_currency
    discount_codes = ArrayField(models.CharField(max_length=120), default=list)

    shipping_address = models.JSONField(null=True)
    billing_address = models.JSONField(null=True)
    ship_country = models.CharField(max_length=2, blank=True)
    ship_postcode = models.CharField(max_length=20, blank=True)
    promised_from = models.DateField(null=True)
    promised_to = models.DateField(null=True)

    tags = ArrayField(models.CharField(max_length=120), default=list)
    channel = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    test = models.BooleanField(default=False)
    marketing_consent = models.JSONField(null=True)  # {marketing_email, at, text, source}
    financial_status = models.CharField(max_length=120, blank=True)
    fulfilment_status = models.CharField(max_length=120, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=120, blank=True)
    delivered_at = models.DateTimeField(null=True)  # every line delivered; set by tracking's roll-up
    extra = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(OrderQuerySet)()  # type: ignore[misc]

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "connection", "external_id"], name="order_external_id")]
        indexes = [
            models.Index(fields=["merchant", "-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["merchant", "number_key"], name="order_by_number"),
            models.Index(fields=["merchant", "email"], name="order_by_email"),
            models.Index(fields=["merchant", "customer", "-placed_at", "-id"], name="order_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ship_to_name(self) -> str:
        """Who the parcel is for."""
        return (self.shipping_address or {}).get("name") or (self.billing_address or {}).get("name") or ""


class Line(TenantModel):
    """One product of an order, with its whole share of discount, tax and shipping, fixed when the order was recorded."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)  # line_external_id serves
    external_id = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=120, blank=True)
    product_id = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500)
    variant = models.CharField(max_length=500, blank=True)
    image_url = models.CharField(max_length=1000, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price = models.BigIntegerField()
    discount = models.BigIntegerField(default=0)  # the line's own and its share of the order's
    tax = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)  # its share of the order's shipping
    requires_shipping = models.BooleanField(default=True)
    weight_grams = models.PositiveIntegerField(default=0)
    use_days = models.PositiveSmallIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)  # a later copy of the order no longer has it

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order", "external_id"], name="line_external_id")]

    @property
    def total(self) -> int:
        """What the shopper pays for the line without shipping: price less discount, plus tax where it is not in the price."""
        extra = 0 if self.order.taxes_included else self.tax
        return self.unit_price * self.quantity - self.discount + extra

    def unit_amounts(self) -> list[tuple[int, int, int]]:
        """(discount, tax, shipping) of each unit, by cumulative rounding: refunds of units in any order sum to the line."""
        shares = (unit_shares(amount, self.quantity) for amount in (self.discount, self.tax, self.shipping))
        return list(zip(*shares, strict=True))


class Refund(TenantModel):
    """Money that went back for an order, in its presentment currency."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="refunds", db_index=False)  # refund_external_id serves
    external_id = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    lines = models.JSONField(default=list)  # [{line_external_id, quantity, amount}]
    processed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "order", "external_id"], name="refund_external_id")]


class OrderChange(TenantModel):
    """What a newer copy of an order changed: history, never edited."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="changes", db_index=False)  # change_by_order serves
    source_updated_at = models.DateTimeField()
    changed = models.JSONField()  # {field: [before, after]}
    recorded_at = models.DateTimeField(default=clock.business_now)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "order", "id"], name="change_by_order")]
