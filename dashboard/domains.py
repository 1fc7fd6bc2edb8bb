"""Names of the shop's own: where its portal answers, and what its mails come from. Records to copy, and what a look at the DNS found."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import links
from dashboard.forms.domain import NameForm
from dashboard.page import act, note, page, show
from domains import check as checks
from domains import claim, names
from domains.models import Domain, Kind, State
from domains.records import Finding, Record
from domains.tasks import check_domain
from postpurchase.lib import clock
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Role

PATIENCE = timedelta(minutes=1)  # after which a check that was asked for is no longer waited for
FIELDS: dict[str, tuple[str | Promise, str | Promise, str]] = {
    Kind.PORTAL: (
        gettext_lazy("Host name"),
        gettext_lazy("A name below your domain that nothing else uses."),
        "track.northlight.example",
    ),
    Kind.SENDING: (gettext_lazy("Domain"), gettext_lazy("What stands behind the @ of your sender address."), "northlight.example"),
}


@page(Role.ADMIN)
def domains(request: HttpRequest, slug: str) -> HttpResponse:
    """Both names with their records, or the forms to enter them."""
    return _page(request)


@act(Role.ADMIN)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a name; its first check begins at once."""
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Http404
    form = _form(kind, request.POST)
    if form.is_valid():
        try:
            row = claim.add(Kind(kind), form.cleaned_data["name"])
        except names.Unfit as unfit:
            form.add_error("name", str(unfit))
        else:
            check_domain.enqueue(row.merchant_id, str(row.pk))
            _log(request, "domain.entered", row)
            notes.success(request, _("Now make these records where your domain is managed. We look for them by ourselves."))
            return redirect(links.to(request, "domains"))
    return _page(request, {kind: form}, status=422)


@act(Role.ADMIN)
def check(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Look at the DNS now."""
    row = _found(domain_id)
    claim.ask_again(row)
    check_domain.enqueue(row.merchant_id, str(row.pk))
    return redirect(links.to(request, "domains"))


@page(Role.ADMIN)
def remove(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Ask before removing it."""
    row = _found(domain_id)
    context = {
        "name": names.spoken(row.name),
        "portal": row.kind == Kind.PORTAL,
        "served": row.state == State.VERIFIED,
        "domains_url": links.to(request, "domains"),
        "delete_url": links.to(request, "domain-delete", domain_id=row.pk),
    }
    return show(request, "dashboard/domain_remove.html", "domains", {"domain": context})


@act(Role.ADMIN)
def delete(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Remove it."""
    row = _found(domain_id)
    _log(request, "domain.removed", row)
    claim.remove(row)
    notes.success(request, _("“%s” is removed. You can delete its records in the DNS.") % names.spoken(row.name))
    return redirect(links.to(request, "domains"))


def _log(request: HttpRequest, what: str, row: Domain) -> None:
    note(request, what, subject=to_public("dom", row.pk), words=row.name)


def _found(domain_id: UUID) -> Domain:
    return get_object_or_404(Domain.objects.select_for_update(), pk=domain_id)


def _form(kind: str, given: Any = None) -> NameForm:
    label, hint, sample = FIELDS[kind]
    return NameForm(given, label=label, hint=hint, sample=sample, auto_id=f"{kind}-%s")


def _page(request: HttpRequest, forms: dict[str, NameForm] | None = None, status: int = 200) -> HttpResponse:
    rows = {row.kind: row for row in Domain.objects.all()}
    context = {"add_url": links.to(request, "domain-add"), "checking": any(_is_checking(row) for row in rows.values())}
    for kind in Kind.values:
        row = rows.get(kind)
        form = (forms or {}).get(kind) or _form(kind)
        context[kind] = _domain(request, row) if row else None
        context[f"{kind}_form"] = form if row is None or form.is_bound else None
    return show(request, "dashboard/domains.html", "domains", {"domains": context}, status)


def _is_checking(row: Domain) -> bool:
    """Whether somebody waits for a check, and not too long."""
    waited = row.checked_at is None or row.checked_at < row.asked_at
    return waited and row.asked_at > clock.machine_now() - PATIENCE


def _domain(request: HttpRequest, row: Domain) -> dict[str, Any]:
    return {
        "name": row.name,
        "spoken": names.spoken(row.name) if "xn--" in row.name else "",
        "url": request.brand.portal_url if row.kind == Kind.PORTAL and row.state == State.VERIFIED else "",  # type: ignore[attr-defined]
        "badge": f"domain.{row.state}",
        "state": row.state,
        "broken_since": row.broken_since,
        "checked_at": row.checked_at,
        "checking": _is_checking(row),
        "records": [_record(record, finding) for record, finding in checks.shown(row)],
        "check_url": links.to(request, "domain-check", domain_id=row.pk),
        "remove_url": links.to(request, "domain-remove", domain_id=row.pk),
    }


def _record(record: Record, finding: Finding) -> dict[str, Any]:
    return {
        "what": _what()[record.key],
        "kind": record.kind,
        "name": record.name,
        "value": record.value,
        "badge": f"record.{finding.state}",
        "found": finding.values if finding.state == "wrong" else (),
        "note": _note(record, finding),
    }


def _what() -> dict[str, str]:
    return {
        "alias": _("Leads shoppers here"),
        "owner": _("Proves that the name is yours"),
        "dkim": _("DKIM: the public key of your mails"),
        "spf": _("SPF: who may send for you"),
        "bounces": _("Return path: where undelivered mail goes"),
        "dmarc": _("DMARC: what others do with forgeries"),
    }


def _note(record: Record, finding: Finding) -> str:
    """How to mend it, where that is not to copy the value."""
    if finding.note == "two":
        return _("There is more than one such record. Leave one.")
    if finding.note == "add":
        return _("Keep your record and add “%s” to it, before the part with “all”.") % record.value.split()[1]
    if finding.note == "taken":
        return _("Another shop here has proved this name, and its own record still stands. Delete that record, then check again.")
    return _("Any policy will do.") if record.key == "dmarc" and finding.state != "found" else ""
