"""Ann's order with a parcel, and messages about it: as the tests of messages have them."""

from tests.notifications.conftest import message, now, order, parcel

__all__ = ["message", "now", "order", "parcel"]
