"""One act on many rows: how far it is, and the rows on which it was refused, with the reason."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from bulk import ask
from bulk.models import Job, Refusal
from dashboard import bulk_jobs, links, lists
from dashboard.page import act, note, page, show
from postpurchase.lib.ids import to_public
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Role
from postpurchase.ui.paging import Page
from transfers.models import Subject


@page(Role.AGENT)
def job(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """HTMX asks for it anew while it works."""
    found = get_object_or_404(Job, pk=job_id)
    refusals = lists.one_page(request, found.refusals.all(), ("id",))
    context = bulk_jobs.row(request, found) | {
        "refusals": [_refusal(request, found, one) for one in refusals.items],
        "pager": _pager(request, refusals),
        "jobs_url": links.to(request, "jobs"),
        "list_url": links.to(request, found.subject),
        "stop_url": links.to(request, "job-stop", job_id=job_id),
    }
    return show(request, "dashboard/job.html", "jobs", {"job": context})


@act(Role.AGENT)
def stop(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """Go no further."""
    found = get_object_or_404(Job, pk=job_id)
    try:
        ask.stop(found)
    except IllegalMove as error:
        raise IllegalMove(_("It is over already; there is nothing to stop.")) from error
    note(request, "job.stopped", subject=to_public("job", found.pk), words=found.act)
    notes.success(request, _("Stopped. What was done until then stays done."))
    return redirect(links.to(request, "job", job_id=job_id))


def _refusal(request: HttpRequest, found: Job, one: Refusal) -> dict[str, str]:
    if found.subject == Subject.ORDERS:
        url = links.to(request, "order", order_id=one.row)
    elif found.subject == Subject.MESSAGES:
        url = links.to(request, "message", message_id=one.row)
    else:
        url = links.to(request, found.subject, {"ids": to_public("shp", one.row)})
    return {"name": one.name, "reason": one.reason, "url": url}


def _pager(request: HttpRequest, found: Page[Refusal]) -> dict[str, str]:
    query = request.GET.copy()
    query["after"] = found.next_cursor
    return {"said": "", "next_url": f"?{query.urlencode()}" if found.next_cursor else "", "more": _("Load %s more") % lists.SIZE}
