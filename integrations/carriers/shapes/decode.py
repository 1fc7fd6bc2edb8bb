"""Bodies as objects: JSON, or XML turned into the same dictionaries and lists."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError  # only its types: parsing is defusedxml's

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from integrations.carriers.shapes.paths import TEXT
from integrations.registry import Unreadable

DEEPEST = 60


def decode(body: bytes) -> Any:
    """The body as dictionaries, lists and scalars. Raises Unreadable, also for XML with a document type or entities."""
    if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _xml(body)
    try:
        return msgspec.json.decode(body.replace(b"\\u0000", b""))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Unreadable(f"neither JSON nor XML: {error}") from error


def _xml(body: bytes) -> Any:
    try:
        root = fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"XML that cannot be read: {error}") from error
    return {_name(root.tag): _object(root, DEEPEST)}


def _object(element: Element, deeper: int) -> Any:
    """An element's attributes and children by their names without namespaces; its text alone where it has neither."""
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    if not deeper:
        raise Unreadable("XML that is nested too deeply")
    found: dict[str, Any] = {_name(name): value for name, value in element.attrib.items()}
    children_of: dict[str, list[Any]] = {}
    for child in element:
        children = children_of.setdefault(_name(child.tag), [])
        children.append(_object(child, deeper - 1))
    return found | children_of | ({TEXT: text} if text else {})


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]
