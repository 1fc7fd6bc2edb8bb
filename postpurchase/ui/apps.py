from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page shares: template tags, forms, paging."""

    name = "postpurchase.ui"
    label = "ui"
