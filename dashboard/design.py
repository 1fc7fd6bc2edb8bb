"""One email being designed: its blocks, the form of the open one, a preview; and what is done to it."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import design_editor as editor
from dashboard import drawn, links, undo
from dashboard.forms.design import ArrangeForm, TestForm
from dashboard.page import act, may, note, page, show
from notifications import lint, trial
from notifications.cases import team
from notifications.designs import arranging, keeping
from notifications.designs import links as link_check
from notifications.designs.content import BadDesign, Content, read
from notifications.models import EmailDesign
from postpurchase.lib import versions
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui.htmx import asked_for_part

TAKEN = "design_block"  # in the session: the block that this person took out last


@page(Role.VIEWER)
def design(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The editor. `?block=` opens a block, `?language=` its words in another language; `?check=1` says what is wrong."""
    row = _found(key)
    findings = lint.check(read(row.draft), row.stream) if request.GET.get("check") else None
    return _page(request, row, request.GET, findings=findings)


@page(Role.VIEWER)
def preview(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The draft as an order would get it, as a document for a frame. `?as=text`: the text part."""
    row = _found(key)
    found = editor.drawn_now(row, read(row.draft), request.GET)
    if isinstance(found, str):
        return drawn.plain(found)
    if request.GET.get("as") == "text":
        return drawn.plain(found.text)
    always = "all" if request.GET.get("shade") == "dark" else "not all"  # whatever the reader's own device prefers
    return drawn.document(found.html.replace("(prefers-color-scheme: dark)", always))


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Keep what the open form says, in the draft. HTMX, while somebody types, gets the preview and when it was kept."""
    row = _locked(key)
    content, asked = read(row.draft), request.POST
    form = editor.form_of(row, content, asked, data=asked)
    said = ""
    if not form.is_valid():
        said = _("Not kept: look at the fields marked red.")
    else:
        try:
            keeping.keep(row, editor.changed(row, content, form, editor.language_of(content, asked)))
        except BadDesign as error:
            said = str(error)
            form.add_error(None, said)
    if asked_for_part(request):
        context = {"frames": editor.frames(request, row, asked), "said": said, "kept_at": row.changed_at}
        return render(request, "dashboard/_design_kept.html", {"design": context})
    if said:
        return _page(request, row, asked, form=form, status=422)
    note(request, "design.changed", subject=f"design:{key}", words=row.name)
    return redirect(editor.here(request, row, asked))


@act(Role.ADMIN)
def arrange(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Add, move, double or take out a block of the draft."""
    row, form = _locked(key), ArrangeForm(request.POST)
    content = read(row.draft)
    if not form.is_valid():
        raise IllegalMove(_("The page asked for something that there is not. Look at the design again."))
    given = form.cleaned_data
    if given["order"] and given["order"] != arranging.ids(content):
        notes.warning(request, _("The blocks have changed meanwhile. Nothing was done."))
        return redirect(editor.here(request, row, request.POST))
    opened = given["block"]
    try:
        after, opened = _put_back(request, row, content) if given["op"] == ArrangeForm.BACK else _arranged(content, given)
        keeping.keep(row, after)
    except BadDesign as error:
        raise IllegalMove(str(error)) from error
    if given["op"] == ArrangeForm.REMOVE:
        _offer_back(request, row, arranging.taken(content, given["block"]))
    note(request, "design.changed", subject=f"design:{key}", words=row.name)
    return redirect(editor.here(request, row, request.POST, block=opened))


def _offer_back(request: HttpRequest, row: EmailDesign, kept: dict[str, Any]) -> None:
    """Keep what was taken out last, with the person, and say how it comes back."""
    if kept:
        request.session[TAKEN] = {"design": str(row.pk), **kept}
        fields = {"op": ArrangeForm.BACK, "block": kept["block"]["id"]}
        undo.offer(request, _("“%s” is taken out.") % editor.KINDS[kept["block"]["type"]], "design-arrange", fields, key=row.key)


def _put_back(request: HttpRequest, row: EmailDesign, content: Content) -> tuple[Content, str]:
    kept, name = request.session.get(TAKEN, {}), request.POST.get("block", "")
    if kept.get("design") != str(row.pk) or kept["block"]["id"] != name:
        raise IllegalMove(_("Only the block that was taken out last can be put back."))
    return arranging.put_back(content, kept), name


def _arranged(content: Content, given: dict[str, Any]) -> tuple[Content, str]:
    """The content, and the block that is open then."""
    op, name, at = given["op"], given["block"], arranging.place(content, given["block"])
    if op == ArrangeForm.ADD and given["kind"]:
        return arranging.added(content, given["kind"], name)
    if op == ArrangeForm.COPY:
        return arranging.doubled(content, name)
    if op == ArrangeForm.REMOVE:
        return arranging.removed(content, name), ""
    to = {ArrangeForm.UP: at - 1, ArrangeForm.DOWN: at + 1}.get(op, given["at"] or 0)
    return arranging.moved(content, name, to), name


@act(Role.ADMIN)
def test(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Send the draft, for the order shown, to somebody of the team."""
    row, form = _found(key), TestForm(request.POST, team=team())
    if not form.is_valid():
        return _page(request, row, request.POST, test_form=form, status=422)
    order, given = editor.order_of(request.POST), form.cleaned_data
    if order is None:
        raise IllegalMove(_("There is no order to write about yet. Make a test order first."))
    sent = trial.send_design(row, order, to=given["to"], once=given["once"], locale=editor.code(given["language"]))
    told = {"order": order.number, "to": audit.as_person(sent.to_address)}
    note(request, "design.tested", subject=f"design:{key}", words=row.name, changes=audit.changed({}, told))
    notes.success(request, _("The test goes out now, to %s. This is its page.") % sent.to_address)
    return redirect(links.to(request, "message", message_id=sent.pk))


@act(Role.ADMIN)
def publish(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Make the draft what is sent, unless something is wrong with it."""
    row = _locked(key)
    before = row.live.number if row.live else 0
    findings = lint.check(read(row.draft), row.stream)
    wrong = sum(1 for one in findings if one.severity == lint.ERROR)
    if wrong:
        said = ngettext("Not published: %s thing has to be mended first.", "Not published: %s things have to be mended first.", wrong)
        notes.error(request, said % wrong)
        return _page(request, row, request.POST, findings=findings, status=422)
    made = versions.publish(row)
    link_check.ask(row)
    told = audit.changed({"live": before}, {"live": made.number})
    note(request, "design.published", subject=f"design:{key}", words=row.name, changes=told)
    notes.success(request, _("Version %s is live: every message from now on looks like this.") % made.number)
    return redirect(editor.here(request, row, request.POST))


@act(Role.ADMIN)
def restore(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Make an older version live again, and the draft with it."""
    row = _locked(key)
    before, number = row.live.number if row.live else 0, request.POST.get("number", "")
    made = versions.roll_back(row, int(number) if number.isdecimal() and len(number) < 6 else 0)
    told = audit.changed({"live": before}, {"live": made.number})
    note(request, "design.restored", subject=f"design:{key}", words=row.name, changes=told)
    notes.success(request, _("Version %s is live again.") % made.number)
    return redirect(links.to(request, "design", key=key))


def _found(key: str) -> EmailDesign:
    return get_object_or_404(EmailDesign.objects.select_related("live"), key=key)


def _locked(key: str) -> EmailDesign:
    get_object_or_404(EmailDesign, key=key)
    return keeping.locked(key)


def _page(
    request: HttpRequest,
    row: EmailDesign,
    asked: QueryDict,
    *,
    form: Any = None,
    test_form: TestForm | None = None,
    findings: list[lint.Finding] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = editor.context(request, row, asked, form=form, test_form=test_form, findings=findings)
    return show(request, "dashboard/email_design.html", "designs", {"design": context, "may_edit": may(request, Role.ADMIN)}, status)
