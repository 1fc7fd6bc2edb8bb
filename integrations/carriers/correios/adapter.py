"""Correios: SRO in JSON (codigo, tipo) and in XML (tipo, status)."""

from integrations.carriers.shapes.sender import Sender
from integrations.registry import register


class Correios(Sender):
    """Signs nothing: the call brings our secret."""

    kind = carrier = "correios"
    name = "Correios"


register(Correios())
