from django.apps import AppConfig

from integrations.registry import register
from integrations.shops.shopify.adapter import Shopify


class IntegrationsConfig(AppConfig):
    """The machines we talk to: shops, carriers, mail servers. Adapters, connections and their inbox."""

    name = "integrations"

    def ready(self) -> None:
        """Make every adapter known."""
        register(Shopify())
