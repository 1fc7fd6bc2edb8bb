"""What becomes of those in flight when a version is published: as the merchant said, a portion a transaction, until nobody is left."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from notifications import flows
from notifications.definition import Definition, Send, Wait
from notifications.models import Decision, Enrolment, FlowVersion, InFlight, Message, State
from notifications.pen import Pen
from notifications.plans import name_of, plan_of
from notifications.walk import walk
from postpurchase.jobs import nudge
from postpurchase.lib import clock
from postpurchase.tenancy import scope
from postpurchase.tenancy.scope import in_merchant

PORTION = 200
UNSETTLED = Q(settled_at=None) & ~Q(in_flight=InFlight.FINISH)
BECAUSE = "flow_changed"


def soon() -> None:
    """Once the transaction has committed, settle what the merchant in scope has published."""
    nudge.after_commit("notifications.tasks.settle_published", scope.merchant_id())


def unsettled() -> list[UUID]:
    """Versions of the merchant in scope whose people in flight are still to be dealt with, oldest first."""
    return list(FlowVersion.objects.filter(UNSETTLED).order_by("published_at").values_list("pk", flat=True))


def settle(merchant_id: UUID) -> int:
    """Deal with all of a merchant's people in flight. Returns how many were moved or left. Safe to repeat, and to stop in the middle."""
    with in_merchant(merchant_id):
        versions = unsettled()
    total = 0
    for version_id in versions:
        while found := _portion(merchant_id, version_id):
            total += found
    return total


def _portion(merchant_id: UUID, version_id: UUID) -> int:
    with in_merchant(merchant_id):
        version = FlowVersion.objects.select_for_update().get(pk=version_id)
        if version.settled_at:
            return 0
        old = Enrolment.objects.filter(flow_id=version.flow_id, state=Enrolment.ACTIVE, version__number__lt=version.number)
        if version.in_flight == InFlight.MIGRATE:
            old = old.filter(_can_go_on(old, plan_of(version.pk)))
        rows = list(old.order_by("pk").select_related("order").select_for_update(of=("self",))[:PORTION])
        if version.in_flight == InFlight.CANCEL:
            flows.leave(dict.fromkeys(rows, BECAUSE))
        elif rows:
            _migrate(rows, version)
        if not rows:
            FlowVersion.objects.filter(pk=version.pk).update(settled_at=clock.business_now())
    return len(rows)


def _can_go_on(old: QuerySet[Enrolment], plan: Definition) -> Q:
    """Those whose step is still there and of the same kind; the others finish the version that they are in."""
    kinds = {step.id: type(step) for step in plan.steps}
    found = Q(pk__in=[])
    for version_id in old.order_by().values_list("version_id", flat=True).distinct():
        same = [step.id for step in plan_of(version_id).steps if kinds.get(step.id) is type(step)]
        found |= Q(version=version_id, node__in=same)
    return found


def _migrate(rows: list[Enrolment], version: FlowVersion) -> None:
    """They stand at the same step of the new version: what it says is what is sent, and what they wait for there is timed anew."""
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(version=version)
    plan = plan_of(version.pk)
    planned = {one.enrolment_id: one for one in Message.objects.filter(enrolment__in=rows, state__in=(State.DUE, State.HELD))}
    reached = {(enrolment, node): at for enrolment, node, at in _reached(rows)}
    pen = Pen({row.order_id: row.order for row in rows}, [plan])
    for row in rows:
        row.version = version
        step = plan.step(row.node)
        message, before = planned.get(row.pk), next((step for step in plan.steps if isinstance(step, Wait) and step.next == row.node), None)
        at = reached.get((row.pk, before.id)) if before else None
        if message and isinstance(step, Send):
            waiting = Message.objects.filter(pk=message.pk, state=message.state)
            waiting.update(**pen.of_step(row.order, step, plan))
        if message and before and at:
            rest = walk(plan, before.id, replace(pen.sights.of(row), now=at), flow=name_of(row.flow_id))
            if rest.node == row.node:
                Message.objects.filter(pk=message.pk, state=message.state).update(due_at=rest.due, expires_at=rest.expires)
    flows.go_on([row for row in rows if not isinstance(plan.step(row.node), Send)], {})


def _reached(rows: list[Enrolment]) -> QuerySet[Decision, tuple[UUID, str, datetime]]:
    """When each was at each step: a wait counts from there."""
    return Decision.objects.filter(enrolment__in=rows).values_list("enrolment_id", "node", "decided_at")
