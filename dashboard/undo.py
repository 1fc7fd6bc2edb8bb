"""What was just done, with the way back beside it. The way back is an act of its own, so it asks for the same role."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import HttpRequest

from dashboard import links
from postpurchase.ui.templatetags.ui import UNDO


def offer(request: HttpRequest, said: str, name: str, fields: dict[str, str] | None = None, **kwargs: Any) -> None:
    """Say on the next page what was done; its Undo posts the fields to the act of that name."""
    url = links.to(request, name, **kwargs)
    notes.success(request, said, extra_tags=f"{UNDO}{url}?{urlencode(fields or {})}")
