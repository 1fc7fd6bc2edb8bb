from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Purchase: customers, orders, lines, refunds, and the one way in."""

    name = "orders"
