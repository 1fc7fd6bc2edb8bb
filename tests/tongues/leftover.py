"""English that is left in what was drawn in another language."""

import re
from functools import lru_cache

from django.utils import translation

from console.tongues import marked

VALUE = re.compile(r"%\(\w+\)s")
SHORTEST = 6  # letters; shorter ones are parts of other words
SAME = {"de": {"Test"}, "fr": {"Total", "minutes"}, "es": {"Total"}, "pt-br": {"Total"}, "ja": set()}  # the same word in both


@lru_cache(maxsize=1)
def pieces() -> list[str]:
    """The fixed parts of every marked text."""
    texts = [part for text in marked.by_door()["shopper"] for part in text if part]
    return sorted({piece.strip(" ,.:?") for text in texts for piece in VALUE.split(text) if len(piece.strip(" ,.:?")) >= SHORTEST})


def english_in(drawn: str, original: str, language: str) -> list[str]:
    """Marked texts that the English original says and the drawn one says too. Texts that are the same in both languages do not count."""
    with translation.override(language):
        left = [
            piece for piece in pieces() if re.search(rf"\b{re.escape(piece)}\b", original) and re.search(rf"\b{re.escape(piece)}\b", drawn)
        ]
        return [piece for piece in left if piece not in SAME[language]]
