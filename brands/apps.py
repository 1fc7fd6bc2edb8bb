from django.apps import AppConfig


class BrandsConfig(AppConfig):
    """How a shop looks, read off its own site."""

    name = "brands"
