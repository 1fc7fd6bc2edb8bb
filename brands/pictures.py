"""Pictures on a page, drawn anew by us and served from our host; those that no page shows any more can go."""

from collections.abc import Iterator
from typing import Any

from brands import picture
from brands.models import Logo, PageDesign, PageVersion

WIDEST, HIGHEST = 960, 640  # points
MOST_BYTES = 5_000_000  # of what is uploaded


def keep(file: bytes) -> str:
    """The picture, kept; its address on our host. Raises picture.Unusable."""
    drawn = picture.draw(file, box=(WIDEST, HIGHEST))
    row = Logo.objects.create(body=drawn.body, width=drawn.width, height=drawn.height)
    return f"/logo/{row.pk}.png"


def shown() -> set[str]:
    """The ids of all pictures in drafts and versions, also of older ones, which can come back."""
    rows: list[Any] = [*PageDesign.objects.values_list("draft", flat=True), *PageVersion.objects.values_list("content", flat=True)]
    return {address.removeprefix("/logo/").removesuffix(".png") for content in rows for address in _addresses(content)}


def _addresses(content: dict[str, Any]) -> Iterator[str]:
    for variant in content.get("variants", []):
        yield from (section["image"] for section in variant.get("sections", []) if section.get("image"))
