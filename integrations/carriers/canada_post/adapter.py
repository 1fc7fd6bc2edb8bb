"""Canada Post: tracking details and summaries, in XML. Its event identifiers come with leading zeros."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class CanadaPost(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "canada_post"
    name = "Canada Post"


register(CanadaPost())
