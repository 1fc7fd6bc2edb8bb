"""UPS Track Alert, and the Track API's answers. Sends the credential that was given at subscription in a header."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class UPS(Sender):
    """Signs nothing: the credential comes in a header."""

    kind = carrier = "ups"
    name = "UPS"


register(UPS())
