"""What is due now need not wait for the next sweep."""

from postpurchase.jobs import nudge
from postpurchase.tenancy.scope import merchant_id


def sender() -> None:
    """Once the transaction has committed, have what is due at the merchant in scope sent."""
    nudge.after_commit("notifications.tasks.send_soon", merchant_id())
