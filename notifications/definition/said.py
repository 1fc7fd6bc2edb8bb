"""A sentence about a definition, said in the language of whoever reads it. Programs read English."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

Given = Mapping[str, str | int]


@dataclass(frozen=True)
class Said:
    """`text` is marked for translation where it stands; `given` are the codes and numbers that it names, by what they are."""

    text: str | Promise
    given: Given = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told(lambda _kind, code: code)

    def told(self, word: Callable[[str, str | int], str | int]) -> str:
        """The sentence with each code in a reader's own words: `word` gets what the code is ("event", "field" ...), and the code."""
        text = str(self.text)
        return text % {kind: word(kind, code) for kind, code in self.given.items()} if self.given else text
