"""USPS: the Tracking API v3 and its subscriptions in JSON, the older Track XML. Its times are the clock on the wall there."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class USPS(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "usps"
    name = "USPS"


register(USPS())
