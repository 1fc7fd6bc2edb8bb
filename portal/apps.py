from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The shopper's door."""

    name = "portal"
