"""Ask carriers about due parcels: claim, call, put the answers in the inbox as if the carrier had sent them, and set the next time.

An answer takes the way of a webhook: kept raw, read by the connection's adapter, listed on its page, read again when a mapping changes.
Nothing is held while a call is made. A worker that dies leaves its parcels due again after LEASE.
"""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from integrations import inbox, registry
from integrations.carriers.asking import TOKEN, WAYS
from integrations.carriers.ways.way import Ask, Way
from integrations.inbox import Arrival
from integrations.models import Connection
from postpurchase.lib import clock, http, reach
from postpurchase.lib.crypto import Undecipherable
from postpurchase.tenancy.gates import Source
from postpurchase.tenancy.scope import in_merchant
from tracking import pace
from tracking.models import Shipment
from tracking.poller import Poller
from tracking.polling import breaker, login

log = logging.getLogger(__name__)
PORTION, AT_ONCE = 16, 4  # parcels that are claimed together; calls to one carrier at a time
LEASE = timedelta(minutes=5)
SECONDS = 10.0  # for a whole call
MOST_ANSWER = 1024 * 1024  # bytes: what the inbox takes
UNKNOWN = (400, 404, 410, 422)  # the carrier does not know the number, or not yet: no failure of asking


@dataclass
class Portion:
    """Claimed parcels, and all that asking about them takes."""

    merchant_id: uuid.UUID
    connection_id: uuid.UUID
    kind: str
    way: Way
    base: str
    account: dict[str, str] = field(repr=False)
    numbers: dict[uuid.UUID, str] = field(default_factory=dict)


@dataclass
class Came:
    """What came of one question. `error` is empty for an answer; `asked`: seconds to leave them alone, of Retry-After or the body."""

    shipment_id: uuid.UUID
    number: str
    status: int = 0
    body: bytes = b""
    error: str = ""
    asked: int = 0
    more: int = 0  # calls beyond the first

    @property
    def refused(self) -> bool:
        """Whether the account was."""
        return self.status in (401, 403)

    @property
    def good(self) -> bool:
        """Whether the carrier said what it knows."""
        return not self.error and (200 <= self.status < 300 or self.status in UNKNOWN)


def portion(merchant_id: uuid.UUID, poller_id: uuid.UUID) -> int:
    """Ask about a portion of what is due with one poller. Returns how many parcels; fewer than PORTION: nothing is left, or not allowed."""
    with in_merchant(merchant_id):
        mine = claim(poller_id)
    if mine is None or not mine.numbers:
        return 0
    came = _login(mine, poller_id) or _all(mine)
    with in_merchant(merchant_id):
        _keep(mine, came)
        _settle(poller_id, came)
    return len(mine.numbers)


def claim(poller_id: uuid.UUID) -> Portion | None:
    """Take due parcels, as many as bucket and breaker allow; ours for LEASE. None for a poller that is off, paused or gone."""
    now = clock.business_now()
    live = Poller.objects.filter(pk=poller_id, asking=True, connection__paused_at=None, connection__removed_at=None)
    poller = live.select_related("connection").select_for_update(of=("self",)).first()
    if poller is None or poller.connection.kind not in WAYS:
        return None
    way = WAYS[poller.connection.kind]
    try:
        account = poller.account() | ({TOKEN: held} if (held := poller.token()) else {})
    except Undecipherable:
        poller.asking, poller.last_error = False, "Its account cannot be read: enter it again."
        poller.save()
        return None
    due = Shipment.objects.filter(carrier__in=poller.carriers, poll_at__lte=now).order_by("poll_at")
    rows = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[: breaker.may_make(poller, now, PORTION)])
    poller.tokens -= len(rows)
    poller.save()
    wanted = {row.pk: row.number for row in rows if pace.next_at(row, now)}
    Shipment.objects.filter(pk__in=[row.pk for row in rows]).update(poll_at=None)
    Shipment.objects.filter(pk__in=wanted).update(poll_at=now + LEASE)
    at = poller.connection
    return Portion(uuid.UUID(str(poller.merchant_id)), at.pk, at.kind, way, poller.url or way.base, account, wanted)


def _login(mine: Portion, poller_id: uuid.UUID) -> list[Came]:
    """Get a token where the carrier wants one and none holds. What came is of the login where it failed, for all parcels alike."""
    if mine.way.login is None or TOKEN in mine.account:
        return []
    try:
        got = login.login(_call(mine.way.login(mine.account, mine.base)))
    except (http.NoAnswer, reach.Refused, login.NoToken) as error:
        status = error.status if isinstance(error, login.NoToken) else 0
        asked = error.asked if isinstance(error, login.NoToken) else 0
        first = next(iter(mine.numbers.items()))
        return [Came(*first, status=status, error=f"Login: {error}", asked=asked)]
    mine.account[TOKEN] = got.token
    with in_merchant(mine.merchant_id):
        poller = Poller.objects.select_for_update(of=("self",)).get(pk=poller_id)
        poller.keep_token(got.token, clock.machine_now() + got.holds)
        poller.save(update_fields=["token_sealed", "token_until"])
    return []


def _all(mine: Portion) -> list[Came]:
    """Ask about each, some at a time; no more once the carrier fails or wants to be left alone."""
    came: list[Came] = []
    numbers = list(mine.numbers.items())
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="poll") as pool:
        for at in range(0, len(numbers), AT_ONCE):
            batch = list(pool.map(lambda one: _one(mine, *one), numbers[at : at + AT_ONCE]))
            came += batch
            if any(one.refused or one.asked for one in batch) or not any(one.good for one in batch):
                break
    return came


def _one(mine: Portion, shipment_id: uuid.UUID, number: str) -> Came:
    """One question. Holds no transaction; never raises: a strange server must not take the others' questions down."""
    came = Came(shipment_id, number)
    try:
        _hear(came, mine, _call(mine.way.ask(number, mine.account, mine.base)))
    except (http.NoAnswer, reach.Refused) as error:
        came.error = str(error)
    except Exception as error:
        log.exception("asking a carrier failed")
        came.error = f"The call failed: {type(error).__name__}."
    return came


def _hear(came: Came, mine: Portion, answer: http.Answer) -> None:
    """What an answer says. Of a number that they were never told of they are told, once, and what comes of that is the answer."""
    came.status, came.body, came.asked = answer.status, answer.body, answer.asked if answer.status in (429, 503) else 0
    if not came.good:
        came.error = f"It answered {answer.status}."
    elif len(answer.body) > MOST_ANSWER:
        came.body, came.error = b"", "The answer is larger than 1 MiB."
    elif mine.way.said and answer.status == 200:
        said = mine.way.said(answer.body)
        came.status, came.error, came.asked = said.status, said.text, said.wait
        if said.stranger and mine.way.begin and not came.more:
            came.more = 1
            _hear(came, mine, _call(mine.way.begin(came.number, mine.account, mine.base)))


def _call(one: Ask) -> http.Answer:
    return http.ask(one.method, one.url, {"User-Agent": http.AGENT, **one.headers}, one.body or None, seconds=SECONDS, keep=MOST_ANSWER + 1)


def _keep(mine: Portion, came: Sequence[Came]) -> None:
    """The answers into the inbox, which knows one again that says nothing new. Its sweep reads them within seconds."""
    adapter = registry.adapter(mine.kind)
    told = [one for one in came if one.good and 200 <= one.status < 300 and one.body.strip()]
    arrivals = [
        Arrival(
            f"asked-{one.number}-{hashlib.sha256(one.body).hexdigest()}",
            adapter.topics[0],
            {registry.ASKED: one.number},
            one.body,
        )
        for one in told
    ]
    if arrivals and Connection.objects.filter(pk=mine.connection_id, removed_at=None).exists():
        inbox.accept(Source(mine.merchant_id, mine.connection_id, mine.kind, None, None, None), arrivals)


def _settle(poller_id: uuid.UUID, came: Sequence[Came]) -> None:
    """What the answers mean for the poller, and when each parcel is asked about next. What was not reached stays leased, and comes due."""
    now = clock.business_now()
    poller = Poller.objects.select_for_update(of=("self",)).filter(pk=poller_id).first()
    if poller is None:
        return
    poller.tokens = max(0.0, poller.tokens - sum(one.more for one in came))
    alive = any(one.good for one in came)
    if alive:
        breaker.worked(poller, now)
    for one in came:
        if not one.good:
            breaker.failed(poller, now, one.error, asked=one.asked, refused=one.refused)
    if any(one.refused for one in came):
        poller.token_sealed = poller.token_until = None
    poller.save()
    answered = {one.shipment_id for one in came if alive}  # one number that fails among others waits for its usual time
    rows = list(Shipment.objects.filter(pk__in=answered).order_by("pk").select_for_update(no_key=True, of=("self",)))
    for row in rows:
        row.polled_at = now
        row.poll_at = pace.next_at(row, now)
    Shipment.objects.bulk_update(rows, ["polled_at", "poll_at"])
