"""What can be named of a shop, and a shop that does not exist."""

import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from postpurchase.lib import crypto, ids
from postpurchase.tenancy.models import Merchant, User


@dataclass
class World:
    """What can be named of a shop. `word` stands in its texts and nowhere else; `ids` has a row's key for each model's label."""

    slug: str
    word: str
    ids: dict[str, Any]
    merchant: Merchant | None = None
    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)  # of a model's row, those with the word in them

    def id(self, label: str) -> str:
        """The key of a row of that model."""
        return str(self.ids[label])

    def public(self, prefix: str, label: str) -> str:
        """The same, as the API shows it."""
        return ids.to_public(prefix, self.ids[label])

    def link(self, label: str = "orders.Order") -> str:
        """The token of its tracking link."""
        return crypto.link_token(self.ids[label])

    @property
    def email(self) -> str:
        """An address of a customer of this shop."""
        return f"{self.word}@shopper.example"

    @property
    def team_email(self) -> str:
        """The address that its owner signs in with."""
        return f"{self.word}-owner@team.example"

    @property
    def node(self) -> str:
        """The step of its flow that writes; the flow's key as well."""
        return f"{self.word}-step"

    def owners(self) -> set[str]:
        """Whose rows are this shop's, in the terms of a checksum."""
        return {str(self.ids["tenancy.Merchant"]), *(str(user.pk) for user in self.people.values())}


def nowhere(like: World) -> World:
    """A shop that does not exist, with an id for everything that `like` has one for."""
    made = {label: uuid.uuid4() if isinstance(key, uuid.UUID) else random.randrange(10**8, 10**9) for label, key in like.ids.items()}
    tail = uuid.uuid4().hex
    # A q and no u: a slug that stood by chance in a page's words ("xed") would be taken out of one answer and not out of the other.
    return World(slug=f"q{tail[: len(like.slug) - 1]}", word=f"none{tail}"[: len(like.word)], ids=made)
