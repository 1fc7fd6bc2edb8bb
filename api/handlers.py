"""Facts as merchants' endpoints are told them: the same data, and the same ids, that the API gives."""

from collections.abc import Sequence

from api.v1 import mode, show
from integrations.models import WebhookEndpoint
from integrations.webhooks import endpoints, outbox
from integrations.webhooks.outbox import Told
from postpurchase.events.bus import watch
from postpurchase.events.models import DomainEvent


@watch
def tell_endpoints(events: Sequence[DomainEvent]) -> None:
    """A delivery for each endpoint that wants the fact and is of its world, live or test. One query where there is no endpoint."""
    listening = list(endpoints.kept())
    public = [event for event in events if event.kind in endpoints.PUBLIC] if listening else []
    if not public:
        return
    tests = mode.of_test(public)
    told = {event.pk: told_of(event, test=event.pk in tests) for event in public}
    outbox.put((one, event.pk, told[event.pk]) for event in public for one in listening if _wants(one, event, event.pk in tests))


def _wants(endpoint: WebhookEndpoint, event: DomainEvent, test: bool) -> bool:
    return endpoint.live is not test and (not endpoint.kinds or event.kind in endpoint.kinds)


def told_of(event: DomainEvent, *, test: bool) -> Told:
    """The body: type, time and data of the event as the API shows it."""
    shown = show.events([vars(event)])[0]
    data = {"event_id": shown.id, "test": test, "subject": shown.subject, "order_id": shown.order_id} | shown.data
    return Told(shown.kind, shown.occurred_at, data)
