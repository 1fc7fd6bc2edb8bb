from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """The machines we talk to: shops, carriers, mail servers. Adapters, connections and their inbox."""

    name = "integrations"
