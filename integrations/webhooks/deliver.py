"""Call endpoints: claim, sign, send, record. The main thread holds the database, the others hold the network."""

import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from integrations.models import Outbound, WebhookDelivery, WebhookEndpoint
from integrations.webhooks import claim, outbox, signature
from integrations.webhooks.settle import Came, settle
from postpurchase.lib import clock, faults, http, reach
from postpurchase.lib.crypto import Undecipherable
from postpurchase.tenancy.scope import in_merchant

log = logging.getLogger(__name__)
TIMEOUT = 15.0  # seconds for a whole call
SLOTS = 16  # calls at once in one process; half of them at most to endpoints that are failing
LOOK_AGAIN = 0.5  # seconds after which free slots look for what has come due
ANSWER_KEPT = 2048  # bytes
USER_AGENT = "Postpurchase-Webhooks/1.0"

Post = Callable[[str, bytes, Mapping[str, str]], http.Answer]


@dataclass(frozen=True)
class Call:
    """A claimed delivery with all that sending it takes."""

    merchant_id: uuid.UUID
    delivery_id: uuid.UUID
    token: uuid.UUID
    url: str
    event: str
    body: bytes
    secrets: list[str] = field(repr=False)
    failing: bool


def drain(*, most_seconds: float = 60.0, slots: int = SLOTS, post: Post | None = None) -> int:
    """Send until nothing is due and nothing is under way; claims no more after `most_seconds`. Returns how many calls were made."""
    until, taken = clock.monotonic() + most_seconds, 0
    under_way: dict[Future[Came], Call] = {}
    with ThreadPoolExecutor(slots, thread_name_prefix="webhook") as pool:
        while True:
            calls = take(slots, list(under_way.values())) if clock.monotonic() < until else []
            under_way |= {pool.submit(make, call, post or _post): call for call in calls}
            taken += len(calls)
            if not under_way:
                return taken
            for done in wait(under_way, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED).done:
                faults.reach("H2")
                _record_alone(under_way.pop(done), done.result())


def take(slots: int, under_way: list[Call]) -> list[Call]:
    """Claim for the free slots, and load what is needed to send."""
    free, failing = slots - len(under_way), slots // 2 - sum(call.failing for call in under_way)
    if free <= 0:
        return []
    token, found = claim.claim(free, failing=max(0, failing))
    faults.reach("H1")
    return [call for merchant_id, ids in found.items() for call in load(merchant_id, ids, token)]


def load(merchant_id: uuid.UUID, ids: list[uuid.UUID], token: uuid.UUID) -> list[Call]:
    """The calls of one merchant's claimed deliveries."""
    with in_merchant(merchant_id):
        mine = WebhookDelivery.objects.filter(pk__in=ids, state=Outbound.CLAIMED, lease_token=token)
        return [
            Call(
                merchant_id=merchant_id,
                delivery_id=row.pk,
                token=token,
                url=row.endpoint.url,
                event=outbox.public_id(row.event_id),
                body=row.body.encode(),
                secrets=_secrets(row.endpoint),
                failing=row.endpoint.failing_since is not None,
            )
            for row in mine.select_related("endpoint").order_by("due_at", "id")
        ]


def _secrets(endpoint: WebhookEndpoint) -> list[str]:
    try:
        return endpoint.secrets()
    except Undecipherable:
        log.exception("the secret of endpoint %s cannot be opened", endpoint.pk)
        return []


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> http.Answer:
    return http.post(url, body, headers, seconds=TIMEOUT, keep=ANSWER_KEPT)


def make(call: Call, post: Post = _post) -> Came:
    """Sign for this moment and send. Holds no transaction and asks no database; never raises."""
    began, since = clock.machine_now(), clock.monotonic()
    came = Came(url=call.url, started_at=began)
    if not call.secrets:
        came.outcome, came.error = "blocked", "Its secret cannot be read: rotate it."
        return came
    signed = signature.headers(call.event, call.body, call.secrets, timestamp=int(began.timestamp()))
    came.sent = {"Content-Type": "application/json", "User-Agent": USER_AGENT, **signed}
    try:
        came.hear(post(call.url, call.body, came.sent))
    except reach.Refused as refused:
        came.outcome, came.error = "blocked", str(refused)
    except http.NoAnswer as silent:
        came.outcome, came.error = "silent", str(silent)
    except Exception as error:  # whatever a strange server makes of us must not take the others' calls down
        log.exception("call to endpoint of merchant %s failed", call.merchant_id)
        came.outcome, came.error = "silent", f"The call failed: {type(error).__name__}."
    came.took_ms = int((clock.monotonic() - since) * 1000)
    return came


def _record_alone(call: Call, came: Came) -> None:
    """An outcome that cannot be written down must not take the others with it: its lease runs out, and it is sent again."""
    try:
        record(call, came)
    except Exception:
        log.exception("the outcome of delivery %s could not be recorded", call.delivery_id)


def record(call: Call, came: Came) -> bool:
    """Write down what came of a call; whether the delivery was still ours. One that another worker has is left to it."""
    with in_merchant(call.merchant_id):
        rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint")
        row = rows.filter(pk=call.delivery_id, state=Outbound.CLAIMED, lease_token=call.token).first()
        if row:
            settle(row, came)
        return row is not None


def rescue() -> int:
    """Take back what dead workers held: it may have arrived, and is sent again under the same webhook-id. Returns how many."""
    count = 0
    for merchant_id, ids in claim.lost().items():
        with in_merchant(merchant_id):
            gone = WebhookDelivery.objects.filter(pk__in=ids, state=Outbound.CLAIMED, lease_until__lt=clock.machine_now())
            for row in gone.select_for_update(of=("self",), skip_locked=True).select_related("endpoint"):
                lost = Came(url=row.endpoint.url, started_at=clock.machine_now(), outcome="lost")
                lost.error = "The sender stopped before it had the answer: it may have arrived."
                settle(row, lost)
                count += 1
    return count
