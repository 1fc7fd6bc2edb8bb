"""The evidence of a parcel as a file, and the script that checks it."""

from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from dashboard.page import act, note, page
from desk.evidence.gather import gather
from desk.evidence.paper import draw
from desk.evidence.seal import Signer
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role
from tracking.models import Shipment

SCRIPT = Path(gather.__code__.co_filename).with_name("verify_evidence.py")


@act(Role.AGENT)
def take(request: HttpRequest, slug: str, parcel_id: UUID) -> HttpResponse:
    """`form`: pdf or json. A POST, because the first one makes the shop's key, and the log says who took it."""
    parcel = get_object_or_404(Shipment.objects.select_related("order"), pk=parcel_id)
    signer, facts = Signer(), gather(parcel)
    name, attached = f"evidence-{to_public('shp', parcel.pk)}", signer.json(facts)
    note(request, "evidence.taken", subject=to_public("shp", parcel.pk), words=parcel.number)
    if request.POST.get("form") == "json":
        return _file(attached, f"{name}.json", "application/json")
    return _file(signer.pdf(draw(facts, attached, f"{name}.json")), f"{name}.pdf", "application/pdf")


@page(Role.VIEWER)
def verifier(request: HttpRequest, slug: str) -> HttpResponse:
    """The script, to be handed on with the files."""
    return _file(SCRIPT.read_bytes(), SCRIPT.name, "text/x-python; charset=utf-8")


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=kind, headers=headers)
