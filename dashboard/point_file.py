"""Pick-up points that a file brings."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import links, points
from dashboard.forms.point import PointForm
from dashboard.forms.point_file import PointsForm
from dashboard.page import act, note
from postpurchase.tenancy.models import Role
from postpurchase.ui import words
from tracking.points import add_all


@act(Role.ADMIN)
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in a file. Twice the same changes nothing more."""
    form = PointsForm(request.POST, request.FILES)
    if not form.is_valid():
        form.fields["file"].widget.attrs["autofocus"] = True  # the page is long, and what is wrong stands at its end
        return points.listed(request, PointForm(), form, status=422)
    new = add_all(form.told, form.on)
    note(request, "point.imported", changes={"rows": (None, len(form.told))})
    said = ngettext("%(n)s point is new on the list.", "%(n)s points are new on the list.", new) % {"n": words.number(new)}
    notes.success(request, f"{said} {_('Those that were there say now what the file does.')}" if new < len(form.told) else said)
    return redirect(links.to(request, "points"))
