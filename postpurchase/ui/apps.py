from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "postpurchase.ui"
    label = "ui"
