"""Australia Post: tracking results, which tell events in words."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class AustraliaPost(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "australia_post"
    name = "Australia Post"


register(AustraliaPost())
