"""/api/v1/flows"""

from typing import Any

from django.core.validators import slug_re
from django.db.models import Q
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from api.v1 import decode
from api.v1.flow_shapes import Flow, FlowChange, FlowNew, FlowPage, FlowPublish, FlowSummary
from api.v1.openapi import told
from api.v1.resource import MIB, Resource, Writable, answer, body_of, key_of, listed
from integrations.types import FieldError
from notifications import models
from notifications.definition import BadFlow, loose
from notifications.editing import publish
from notifications.models import InFlight
from postpurchase.tenancy import audit
from postpurchase.tenancy.gates import Key
from postpurchase.tenancy.problems import Problem
from postpurchase.tenancy.request_log import request_id

SCOPES = {"GET": "flows:read", "POST": "flows:write", "PATCH": "flows:write"}
COLUMNS = ("id", "position", "key", "name", "purpose", "enabled", "live__number", "drafted", "draft_revision")


class Flows(Writable):
    """All flows."""

    scopes = SCOPES

    @told("List flows", gives=FlowPage)
    def get(self, request: Request) -> HttpResponse:
        """In the order of the dashboard."""
        rows = models.Flow.objects.annotate(drafted=Q(draft__isnull=False)).values(*COLUMNS)
        return listed(request, rows, ("position", "id"), lambda found: [FlowSummary(**_fields(one)) for one in found], FlowPage)

    @told("Make a flow", takes=FlowNew, gives=Flow, status=201, writes=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """It has a draft, is off, and nothing enters it before it was published and switched on. A definition with faults is refused;
        `errors` name each fault and its step.
        """
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """A new flow."""
        _live(key)
        wanted = decode.parse(raw, FlowNew)
        _check(wanted.definition)
        row = publish.create(wanted.name, wanted.purpose, wanted.definition)
        _log(self.request, "flow.made", row)
        return answer(_shown(row), 201)


class OneFlow(Resource):
    """One flow."""

    scopes = SCOPES
    http_method_names = ["get", "head", "patch"]

    @told("Read a flow", gives=Flow)
    def get(self, request: Request, key: str) -> HttpResponse:
        """Its draft; what is live, where there is no draft."""
        return answer(_shown(flow_of(key)))

    @told("Save a flow's draft", takes=FlowChange, gives=Flow, changes=True)
    def patch(self, request: Request, key: str) -> HttpResponse:
        """What is live goes on as it is until the draft is published. A definition with faults is refused, and nothing is saved; `errors`
        name each fault and its step. 409 where somebody else saved since.
        """
        _live(key_of(request))
        row, wanted = flow_of(key), decode.parse(body_of(request, MIB), FlowChange)
        _check(wanted.definition)
        try:
            publish.save_draft(row, wanted.definition, revision=wanted.revision)
        except publish.Stale:
            raise _stale() from None
        _log(request, "flow.drafted", row)
        return answer(_shown(row))


class FlowPublished(Writable):
    """A flow's draft made live."""

    scopes = SCOPES
    http_method_names = ["post"]

    @told("Publish a flow's draft", takes=FlowPublish, gives=Flow, writes=True, one=True)
    def post(self, request: Request, **named: Any) -> HttpResponse:
        """Its messages are tried on the newest 200 orders first, which may take some seconds; what is wrong with them is refused and told
        by step. 409 where the draft is not of that revision.
        """
        return super().post(request, **named)

    def write(self, key: Key, raw: bytes) -> HttpResponse:
        """Publish it."""
        _live(key)
        row, wanted = flow_of(self.kwargs["key"]), decode.parse(raw, FlowPublish)
        before = row.live.number if row.live else None
        try:
            version = publish.publish(row, revision=wanted.revision, in_flight=InFlight(wanted.in_flight))
        except publish.Stale:
            raise _stale() from None
        except BadFlow as error:
            raise _refused(error, row.draft or {}) from None
        _log(self.request, "flow.published", row, {"version": (before, version.number), "in_flight": (None, version.in_flight)})
        return answer(_shown(row))


def flow_of(key: str) -> models.Flow:
    """The flow of that key. Raises Http404."""
    found = models.Flow.objects.select_related("live").filter(key=key).first() if slug_re.match(key) else None
    if found is None:
        raise Http404
    return found


def _live(key: Key) -> None:
    if not key.live:
        raise Problem(403, "forbidden", "Flows write to live and to test orders alike: change them with a live key.")


def _check(definition: dict[str, Any]) -> None:
    """Refuse what cannot be published; that its messages can be drawn is tried when it is. Raises Problem."""
    try:
        if found := publish.refused(loose(definition), ()):
            raise BadFlow(found)
    except BadFlow as error:
        raise _refused(error, definition) from None


def _refused(error: BadFlow, definition: dict[str, Any]) -> Problem:
    """422 with each fault, its step by place and by name."""
    steps = definition.get("steps")
    places = {one.get("id"): at for at, one in enumerate(steps) if isinstance(one, dict)} if isinstance(steps, list) else {}
    return decode.invalid([
        FieldError(f"/definition/steps/{places[one.step]}", f"Step {one.step}: {one.text}") if one.step in places
        else FieldError("/definition", one.text)
        for one in error.problems
    ])  # fmt: skip


def _stale() -> Problem:
    return Problem(409, "stale", "The draft is not of that revision: somebody saved it since, or it was published. Read the flow again.")


def _log(request: Request, act: str, row: models.Flow, changes: audit.Changes | None = None) -> None:
    by = audit.caller(request, request_id=request_id(request))
    audit.record(by, act, subject=f"flow:{row.key}", words=row.name, changes=changes)


def _shown(row: models.Flow) -> Flow:
    fields = _fields(vars(row) | {"live__number": row.live.number if row.live else None, "drafted": row.draft is not None})
    return Flow(**fields, definition=publish.draft_of(row))


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["key"], "name": row["name"], "purpose": row["purpose"], "enabled": row["enabled"], "version": row["live__number"],
        "draft": row["drafted"], "revision": row["draft_revision"],
    }  # fmt: skip
