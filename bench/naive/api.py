"""POST an order the way DRF's own tutorial does: nested serializers, one ORM call a row, one transaction."""

from typing import Any

from django.db import transaction
from rest_framework import generics, serializers

from bench.naive.models import Customer, Event, Line, Order


class AddressSerializer(serializers.Serializer):
    """An address."""

    name = serializers.CharField(max_length=120, required=False)
    company = serializers.CharField(max_length=120, required=False)
    line1 = serializers.CharField(max_length=500, required=False)
    line2 = serializers.CharField(max_length=500, required=False)
    city = serializers.CharField(max_length=120, required=False)
    region = serializers.CharField(max_length=120, required=False)
    postcode = serializers.CharField(max_length=20, required=False)
    country = serializers.CharField(max_length=2, required=False)
    phone = serializers.CharField(max_length=40, required=False)


class CustomerSerializer(serializers.ModelSerializer):
    """A customer."""

    class Meta:
        model = Customer
        fields = ["external_id", "email", "phone", "first_name", "last_name", "locale"]


class LineSerializer(serializers.ModelSerializer):
    """A line."""

    class Meta:
        model = Line
        exclude = ["id", "order"]


class OrderSerializer(serializers.ModelSerializer):
    """An order with its customer, addresses and lines."""

    customer = CustomerSerializer()
    shipping_address = AddressSerializer()
    billing_address = AddressSerializer()
    lines = LineSerializer(many=True)

    class Meta:
        model = Order
        exclude = ["merchant"]

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Order:
        """One row after another."""
        lines, person = validated_data.pop("lines"), validated_data.pop("customer")
        merchant = self.context["request"].user
        customer, _ = Customer.objects.get_or_create(merchant=merchant, email=person.pop("email"), defaults=person)
        order = Order.objects.create(merchant=merchant, customer=customer, **validated_data)
        for line in lines:
            Line.objects.create(order=order, **line)
        Event.objects.create(merchant=merchant, kind="order.placed", payload={"order_id": order.pk})
        return order


class Orders(generics.CreateAPIView):
    """POST /orders."""

    serializer_class = OrderSerializer
    queryset = Order.objects.all()
