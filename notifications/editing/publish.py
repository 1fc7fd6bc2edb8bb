"""From a draft to what runs: drafts saved, versions published and rolled back, new flows made. Versions are never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db.models import Count, F, Max
from django.utils.text import slugify

from notifications import lint, settle
from notifications.definition import BadFlow, Definition, Problem, Said, linked, loose, stored
from notifications.definition.check import past, problems
from notifications.models import Enrolment, Flow, FlowVersion, InFlight
from orders.models import Order
from postpurchase.lib import clock


class Stale(ValueError):
    """Somebody else saved the draft meanwhile. Nothing was written; read it again."""


def create(name: str, purpose: str, raw: dict[str, Any]) -> Flow:
    """A flow that has a draft and has never been published: nothing enters it. Raises BadFlow for what is no definition at all."""
    draft = stored(loose(raw))
    last = Flow.objects.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    return Flow.objects.create(
        key=_key(name),
        name=name,
        purpose=purpose,
        position=place,
        enabled=False,
        draft=draft,
        draft_revision=1,
        draft_saved_at=clock.business_now(),
    )


def _key(name: str) -> str:
    key = slugify(name)[:30] or "flow"
    taken = set(Flow.objects.filter(key__startswith=key).values_list("key", flat=True))
    return key if key not in taken else next(found for n in count(2) if (found := f"{key}-{n}") not in taken)


def draft_of(flow: Flow) -> dict[str, Any]:
    """What an editor shows: the draft, else what is live."""
    if flow.draft is not None:
        return dict(flow.draft)
    return stored(loose(flow.live.definition)) if flow.live else {}


def save_draft(flow: Flow, raw: dict[str, Any], *, revision: int) -> list[Problem]:
    """Keep a draft and tell its faults; faults do not keep it from being saved. `revision` is that of the draft that was edited.

    Raises BadFlow where it has not even the form of a definition, and Stale where somebody else saved since.
    """
    draft = loose(raw)
    fresh = {"draft": stored(draft), "draft_revision": F("draft_revision") + 1, "draft_saved_at": clock.business_now()}
    if not Flow.objects.filter(pk=flow.pk, draft_revision=revision).update(**fresh):
        raise Stale
    flow.refresh_from_db(fields=["draft", "draft_revision", "draft_saved_at"])
    return problems_of(draft)


def drop_draft(flow: Flow) -> None:
    """Forget the draft: the editor shows again what is live. Safe to repeat."""
    Flow.objects.filter(pk=flow.pk).update(draft=None, draft_revision=F("draft_revision") + 1, draft_saved_at=None)
    flow.refresh_from_db(fields=["draft", "draft_revision", "draft_saved_at"])


def problems_of(draft: Definition) -> list[Problem]:
    """Every fault that keeps a definition from being published; nothing where it can be."""
    draft = linked(draft)
    return [*problems(draft), *past(draft, clock.business_now().date())]


def refused(draft: Definition, orders: Iterable[Order] | None = None) -> list[Problem]:
    """All that forbids to publish a definition: its own faults; where it has none, those of its messages, tried on real orders: the
    newest 200, or `orders` (none with ()).
    """
    if found := problems_of(draft):
        return found
    return [wrong(one) for one in lint.flow(draft, orders) if one.finding.severity == lint.ERROR]


def wrong(one: lint.AtStep) -> Problem:
    """A finding about a step's message as a fault of the flow, with what to do about it."""
    return Problem(one.step, Said(f"{one.finding.text} {one.finding.fix}"))


@dataclass(frozen=True)
class Change:
    """What publishing would mean for those who are in the flow: how many wait at each step, and at which steps that would be gone."""

    inside: int
    at: Mapping[str, int]
    gone: Mapping[str, int]


def change(flow: Flow, draft: Definition) -> Change:
    """Who is in flight, by step. One query."""
    rows = Enrolment.objects.filter(flow=flow, state=Enrolment.ACTIVE).values_list("node").annotate(n=Count("id"))
    at = dict(rows.order_by("node"))
    kept = {step.id for step in draft.steps}
    return Change(sum(at.values()), at, {node: n for node, n in at.items() if node not in kept})


def publish(flow: Flow, *, revision: int, in_flight: InFlight = InFlight.FINISH) -> FlowVersion:
    """Make the draft the live version. Those in flight are dealt with as said, soon (notifications/settle.py). Raises BadFlow and Stale."""
    locked = _locked(flow)
    if locked.draft is None or locked.draft_revision != revision:
        raise Stale
    return _go_live(locked, flow, loose(locked.draft), in_flight)


def roll_back(flow: Flow, number: int, *, in_flight: InFlight = InFlight.FINISH) -> FlowVersion:
    """Publish an older version's definition again, as a new one. Raises FlowVersion.DoesNotExist, and BadFlow where it cannot run now."""
    locked = _locked(flow)
    again = loose(FlowVersion.objects.get(flow=locked, number=number).definition)
    return _go_live(locked, flow, again, in_flight)


def _locked(flow: Flow) -> Flow:
    """Held while its messages are tried, which takes seconds: people enter the flow meanwhile, so their foreign keys must not wait."""
    return Flow.objects.select_for_update(no_key=True).get(pk=flow.pk)


def _go_live(locked: Flow, flow: Flow, plan: Definition, in_flight: InFlight) -> FlowVersion:
    """The one way to a live version: what is wrong with the flow or with what it sends is refused here, whoever asks."""
    if found := refused(plan):
        raise BadFlow(found)
    last = FlowVersion.objects.filter(flow=locked).aggregate(last=Max("number"))["last"] or 0
    fresh = FlowVersion.objects.create(flow=locked, number=last + 1, definition=stored(plan), in_flight=in_flight)
    locked.live, locked.draft, locked.draft_saved_at, locked.draft_revision = fresh, None, None, locked.draft_revision + 1
    locked.save(update_fields=["live", "draft", "draft_saved_at", "draft_revision"])
    flow.refresh_from_db()
    if in_flight != InFlight.FINISH:
        settle.soon()
    return fresh
