"""Acts on many rows: which ones, sure, and the list of those that were done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulk import acts, tasks
from bulk import ask as asking
from bulk.models import Job
from dashboard import links, lists
from dashboard.page import act, note, page, show
from postpurchase.lib import ids
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Role
from postpurchase.ui import paging, words
from transfers.models import Subject

KEYS = ("-created_at", "-id")
PREFIXES = {Subject.ORDERS: "ord", Subject.SHIPMENTS: "shp", Subject.MESSAGES: "msg", Subject.CUSTOMERS: "cus"}


@page(Role.AGENT)
def jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first; a month of them."""
    found = lists.one_page(request, Job.objects.all(), KEYS)
    rows = [row(request, one) for one in found.items]
    context = {"rows": rows, "working": any(one["working"] for one in rows), "pager": lists.pager(request, found, "created_at")}
    return show(request, "dashboard/jobs.html", "jobs", {"jobs": context})


@act(Role.AGENT)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """What would be done, to how many: to the rows that were picked, or to all that the list has. Nothing is done yet."""
    subject, key, query = (request.POST.get(name, "") for name in ("subject", "act", "query"))
    found = acts.ACTS.get(subject, {}).get(key)
    if found is None:
        raise IllegalMove(_("There is no such act for this list."))
    picked = picked_query(subject, request.POST.getlist("row"))
    context = {
        "word": found.word,
        "means": found.means,
        "kept": [("subject", subject), ("act", key), ("query", query), ("picked", picked)],
        "picked": picked,
        "picked_text": _count(asking.count(subject, picked)) if picked else "",
        "all_text": _count(asking.count(subject, query)),
        "filtered": bool(query),
        "once": ids.random_token(),
        "add_url": links.to(request, "job-add"),
        "back_url": f"{links.to(request, subject)}?{query}",
    }
    return show(request, "dashboard/job_ask.html", subject, {"ask": context})


@act(Role.AGENT)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Have it done. The same press twice is one job."""
    given = {name: request.POST.get(name, "") for name in ("subject", "act", "once")}
    query = request.POST.get("picked" if request.POST.get("which") == "picked" else "query", "")
    if not 20 <= len(given["once"]) <= 60:
        raise IllegalMove(_("This page is too old to be sent. Choose the rows again."))
    known = Job.objects.filter(once=given["once"]).exists()
    job = asking.begin(given["subject"], given["act"], query, by=str(request.user), once=given["once"])
    if not known:
        told = {"of": (None, job.subject), "rows": (None, job.total), "filter": (None, query)}
        note(request, "job.begun", subject=ids.to_public("job", job.pk), words=job.act, changes=told)
    tasks.work_on_job.enqueue(scope.merchant_id(), str(job.pk))
    return redirect(links.to(request, "job", job_id=job.pk))


def picked_query(subject: str, rows: list[str]) -> str:
    """The address of a list that holds these rows, given by their ids; '' for none."""
    prefix = PREFIXES.get(Subject(subject)) if subject in Subject.values else None
    known = [text for text in rows[: paging.MOST] if prefix and ids.from_public(prefix, text)]
    return f"ids={','.join(known)}" if known else ""


def row(request: HttpRequest, one: Job) -> dict[str, Any]:
    """A job for the list and for its own page."""
    known = acts.ACTS.get(one.subject, {}).get(one.act)
    return {
        "name": str(known.word) if known else one.act,
        "what": one.get_subject_display(),
        "url": links.to(request, "job", job_id=one.pk),
        "badge": f"job.{one.state}",
        "working": one.state == "running",
        "total": one.total,
        "done": one.done,
        "refused": one.refused,
        "share": one.share,
        "by": one.by,
        "at": one.created_at,
        "problem": one.problem,
    }


def _count(count: int) -> str:
    return ngettext("%(n)s row", "%(n)s rows", count) % {"n": words.number(count)}
