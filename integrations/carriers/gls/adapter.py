"""GLS: Track and Trace v1, ShipIT and MyGLS."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class GLS(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "gls"
    name = "GLS"


register(GLS())
