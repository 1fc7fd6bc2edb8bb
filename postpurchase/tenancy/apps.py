from importlib import import_module

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Users, merchants, brands, memberships and API keys; the scope that every other table lives under."""

    name = "postpurchase.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("postpurchase.tenancy.checks")
