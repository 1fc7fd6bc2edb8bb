"""Facts that a team may want to hear of."""

from collections import defaultdict

from alerts import pile
from alerts.kinds import OF_FACT
from postpurchase.events.bus import on_many
from postpurchase.events.catalogue import Fact


@on_many(*OF_FACT)
def pile_up(facts: list[Fact]) -> None:
    """Onto the piles; a worker makes mails of them."""
    found: dict[str, list[pile.Ref]] = defaultdict(list)
    for fact in facts:
        found[OF_FACT[type(fact)]].append(pile.Ref(fact.subject, fact.order_id))
    for kind in sorted(found):
        pile.add(kind, found[kind])
