"""What facts set off here."""

from notifications import flows, library, optin
from orders.models import Order
from postpurchase.events.bus import on, on_many
from postpurchase.events.catalogue import FACTS, Fact, MerchantOpened, MessageFact, MessageFailed, MessageSent, OrderPlaced


@on(MerchantOpened)
def install_default_flows(fact: MerchantOpened) -> None:
    """A new merchant starts with every default flow switched on."""
    library.install()


@on(OrderPlaced)
def keep_consent(fact: OrderPlaced) -> None:
    """What the shopper agreed to at checkout, before any flow asks for it."""
    optin.from_order(Order.objects.get(pk=fact.order_id))


@on_many(*FACTS.values())
def run_flows(facts: list[Fact]) -> None:
    """Any fact about an order may start flows and end others."""
    flows.route(facts)


@on_many(MessageSent, MessageFailed)
def next_step(facts: list[MessageFact]) -> None:
    """A message is out, or was refused for good: its flow goes on."""
    flows.move_on(fact.message_id for fact in facts)
