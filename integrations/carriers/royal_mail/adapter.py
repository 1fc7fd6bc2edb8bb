"""Royal Mail: mail pieces of the Tracking API v2. A piece is known by its one-dimensional barcode."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class RoyalMail(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "royal_mail"
    name = "Royal Mail"


register(RoyalMail())
