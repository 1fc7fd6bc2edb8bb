"""What a plain Django shop backend would keep: the same facts as ours, one row at a time."""

from django.db import models


class Merchant(models.Model):
    """A shop and its key."""

    key = models.CharField(max_length=64, unique=True)


class Customer(models.Model):
    """A person who buys."""

    merchant = models.ForeignKey(Merchant, models.CASCADE)
    external_id = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=20, blank=True)

    class Meta:
        unique_together = [("merchant", "email")]


class Order(models.Model):
    """An order."""

    merchant = models.ForeignKey(Merchant, models.CASCADE)
    customer = models.ForeignKey(Customer, models.CASCADE)
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=60)
    email = models.EmailField(db_index=True)
    phone = models.CharField(max_length=40, blank=True)
    placed_at = models.DateTimeField(db_index=True)
    updated_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField()
    shipping_total = models.BigIntegerField(default=0)
    tax_total = models.BigIntegerField(default=0)
    taxes_included = models.BooleanField(default=False)
    shipping_address = models.JSONField(null=True)
    billing_address = models.JSONField(null=True)
    discount_codes = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    channel = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    financial_status = models.CharField(max_length=120, blank=True)

    class Meta:
        unique_together = [("merchant", "external_id")]


class Line(models.Model):
    """A line of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    external_id = models.CharField(max_length=120)
    title = models.CharField(max_length=500)
    variant = models.CharField(max_length=500, blank=True)
    sku = models.CharField(max_length=120, blank=True)
    product_id = models.CharField(max_length=120, blank=True)
    image_url = models.URLField(max_length=1000, blank=True)
    quantity = models.PositiveIntegerField()
    unit_price = models.BigIntegerField()
    weight_grams = models.PositiveIntegerField(default=0)
    use_days = models.PositiveSmallIntegerField(null=True)


class Event(models.Model):
    """The outbox."""

    merchant = models.ForeignKey(Merchant, models.CASCADE)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)


class Shipment(models.Model):
    """A parcel."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    carrier = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    status = models.CharField(max_length=24)
    expected_on = models.DateField(null=True)


class Scan(models.Model):
    """What a carrier saw."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="scans")
    occurred_at = models.DateTimeField()
    text = models.CharField(max_length=500)
    status = models.CharField(max_length=24)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=60, blank=True)
