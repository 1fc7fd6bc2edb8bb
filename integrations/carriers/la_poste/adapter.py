"""La Poste and Colissimo: Suivi v2, and the older Colissimo codes."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class LaPoste(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "la_poste"
    name = "La Poste"


register(LaPoste())
