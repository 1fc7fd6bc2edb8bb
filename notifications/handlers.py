"""What facts set off here."""

from notifications import flows, library, optin
from orders.models import Order
from postpurchase.events.bus import on, on_many
from postpurchase.events.catalogue import FACTS, Fact, MerchantOpened, MessageFact, MessageFailed, MessageSent, OrderPlaced


@on(MerchantOpened)
def install_default_flows(fact: MerchantOpened) -> None:
    """A new merchant starts with every default flow switched on."""
    library.install()


@on_many(OrderPlaced)
def keep_consent(facts: list[OrderPlaced]) -> None:
    """What the shoppers agreed to at checkout, before any flow asks for it."""
    optin.from_orders(Order.objects.filter(pk__in=[fact.order_id for fact in facts]).order_by("placed_at", "pk"))


@on_many(*FACTS.values())
def run_flows(facts: list[Fact]) -> None:
    """Any fact about an order may start flows and end others."""
    flows.route(facts)


@on_many(MessageSent, MessageFailed)
def next_step(facts: list[MessageFact]) -> None:
    """A message is out, or was refused for good: its flow goes on."""
    flows.move_on(fact.message_id for fact in facts)
