"""POST /in/<connection>: a shop or a carrier tells us something. Check the signature, keep it, answer; the reading happens later."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations import inbox, registry
from integrations.carriers import proof
from integrations.inbox import Arrival
from integrations.models import secrets_of
from postpurchase.jobs import nudge
from postpurchase.lib import ids
from postpurchase.lib.together import Together
from postpurchase.tenancy import gates, scope
from postpurchase.tenancy.gates import Source
from postpurchase.tenancy.scope import in_merchant

MOST_BYTES = 1024 * 1024
meanwhile = Together[Arrival, bool]()


@csrf_exempt
@require_POST
def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """200 once the delivery is kept, and for every repeat; 401 for a wrong signature, 413 past 1 MiB, 404 for anything unknown."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > MOST_BYTES:
        return _answer(413, "the body is larger than 1 MiB")
    connection_id = ids.from_public("con", public_id)
    source = gates.by_connection(connection_id) if connection_id else None
    if source is None or source.kind not in registry.kinds():
        raise Http404
    return _keep(request, source, request.read(length))


def _keep(request: HttpRequest, source: Source, body: bytes) -> HttpResponse:
    adapter = registry.adapter(source.kind)
    headers = {name.lower(): value.replace("\0", "") for name, value in request.headers.items()}
    headers[proof.IN_ADDRESS] = request.GET.get("secret", "").replace("\0", "")  # never kept: its name says that it is a secret
    if not adapter.verify(secrets_of(source), headers, body):
        return _answer(401, "the signature does not fit the body")
    topic = adapter.topic(headers, body)
    arrival = Arrival(adapter.delivery_id(headers, body), topic, headers, body, urgent=topic in adapter.at_once)
    with in_merchant(source.merchant_id):
        new = _accept_together(source, arrival)
        if new is None:
            [new] = inbox.accept(source, [arrival])
        if new:
            nudge.after_commit("api.tasks.process", source.merchant_id)
    return _answer(200, "received" if new else "received before")


def _accept_together(source: Source, arrival: Arrival) -> bool | None:
    """Keep it in one statement and one commit with what other threads have of this source at this moment."""

    def accept(arrivals: list[Arrival]) -> list[bool]:
        scope.let_next_commit()
        return inbox.accept(source, arrivals)

    return meanwhile.do((source.merchant_id, source.id), arrival, accept)


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
