"""Looks at orders' pages, gathered in this process and written together every few seconds: no page waits for it. Nothing is kept of people.

What ends with the process is lost: at most FLUSH seconds of looks.
"""

import logging
import threading
from collections import defaultdict
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest

from desk import visits
from desk.visits import Looked
from notifications.engagement import machines
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant

log = logging.getLogger(__name__)
FLUSH = 5.0  # seconds between two writings
MOST = 20_000  # orders that are gathered; what comes beyond that in one FLUSH is not counted
DOCUMENTS = ("", "document", "iframe")  # what a browser says of a page that is shown; '' where it says nothing
Place = tuple[UUID, UUID]  # merchant, order


class Gathered:
    """The looks of one process."""

    def __init__(self) -> None:
        self._looks: dict[Place, Looked] = {}
        self._lock = threading.Lock()

    def add(self, place: Place) -> None:
        """One more. The first after a writing sets the next one going."""
        with self._lock:
            found, first = self._looks.get(place), not self._looks
            if found or len(self._looks) < MOST:
                self._looks[place] = Looked(place[1], found.times + 1, found.at) if found else Looked(place[1], 1, clock.business_now())
        if first:
            timer = threading.Timer(FLUSH, self._write)
            timer.daemon = True
            timer.start()

    def flush(self) -> None:
        """Write what is there, a statement for each merchant. Raises django.db.Error."""
        with self._lock:
            looks, self._looks = self._looks, {}
        by_merchant: dict[UUID, list[Looked]] = defaultdict(list)
        for (merchant_id, _), looked in looks.items():
            by_merchant[merchant_id].append(looked)
        for merchant_id, rows in by_merchant.items():
            with in_merchant(merchant_id):
                visits.record(rows)

    def _write(self) -> None:
        try:
            self.flush()
        except Error:
            log.warning("looks at pages were not counted", exc_info=True)
        finally:
            connection.close()


gathered = Gathered()


def note(request: HttpRequest, place: Place) -> None:
    """Count this look at the page of (merchant, order), if a person may have taken it who is not of the shop."""
    if by_a_person(request):
        gathered.add(place)


def by_a_person(request: HttpRequest) -> bool:
    """Whether a page is shown to somebody, or sent by them: no HEAD, machine or fetching ahead, no browser logged in to the dashboard.

    Scanners that say they are a browser cannot be told from one here.
    """
    told = request.META
    return (
        request.method in ("GET", "POST")
        and not _is_machine(told.get("HTTP_USER_AGENT", ""))
        and told.get("HTTP_SEC_FETCH_DEST", "") in DOCUMENTS
        and "HTTP_SEC_PURPOSE" not in told
        and "HTTP_PURPOSE" not in told
        and f"{settings.SESSION_COOKIE_NAME}=" not in told.get("HTTP_COOKIE", "")
    )


@lru_cache(maxsize=2048)
def _is_machine(agent: str) -> bool:
    return bool(machines.why(agent=agent[:500]))
