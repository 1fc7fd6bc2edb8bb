"""PostNL: status and complete status of a shipment."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class PostNL(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "postnl"
    name = "PostNL"


register(PostNL())
