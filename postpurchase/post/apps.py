from django.apps import AppConfig


class PostConfig(AppConfig):
    """Letters to people who work with the product, on their way out."""

    name = "postpurchase.post"
    label = "post"
