from django.apps import AppConfig

import integrations.carriers.easypost.adapter
import integrations.shops.shopify.adapter  # noqa: F401 - being imported is what makes an adapter known


class IntegrationsConfig(AppConfig):
    """The machines we talk to: shops, carriers, mail servers. Adapters, connections and their inbox."""

    name = "integrations"
