from django.apps import AppConfig


class BacktestConfig(AppConfig):
    """What a draft of a flow would have done: the store's own past lived through again, in memory, with nothing sent."""

    name = "backtest"
