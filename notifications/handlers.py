"""What facts set off here."""

from notifications import consent, flows, library
from notifications.models import Message
from orders.models import Order
from postpurchase.events.bus import on
from postpurchase.events.catalogue import FACTS, Fact, MerchantOpened, MessageFailed, MessageSent, OrderPlaced


@on(MerchantOpened)
def install_default_flows(fact: MerchantOpened) -> None:
    """A new merchant starts with every default flow switched on."""
    library.install()


@on(OrderPlaced)
def keep_consent(fact: OrderPlaced) -> None:
    """What the shopper agreed to at checkout, before any flow asks for it."""
    consent.from_order(Order.objects.get(pk=fact.order_id))


def run_flows(fact: Fact) -> None:
    """Any fact about an order may start flows and end others."""
    flows.route(fact)


for kind in FACTS.values():
    on(kind)(run_flows)


@on(MessageSent)
def next_step(fact: MessageSent) -> None:
    """A message is out: its flow goes on."""
    flows.move_on(Message.objects.select_related("enrolment__version", "enrolment__order").get(pk=fact.message_id))


@on(MessageFailed)
def next_step_anyway(fact: MessageFailed) -> None:
    """A message was refused for good: its flow goes on without it."""
    flows.move_on(Message.objects.select_related("enrolment__version", "enrolment__order").get(pk=fact.message_id))
