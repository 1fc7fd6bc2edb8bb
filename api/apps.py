from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The developers' door: REST and inbound webhooks."""

    name = "api"
