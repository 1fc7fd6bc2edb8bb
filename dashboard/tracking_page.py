"""The shop's tracking page being designed: its sections, the form of the open one, variants, a preview; and what is done to it."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from brands import picture
from brands.models import PageDesign
from brands.page import arranging, keeping
from brands.page.content import BadPage, Content, Variant, read
from dashboard import links
from dashboard import page_editor as editor
from dashboard.forms.page_variant import VariantForm, WholeForm
from dashboard.forms.tracking_page import SectionForm
from dashboard.page import act, note, page
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import audit
from postpurchase.tenancy.models import Role
from postpurchase.ui.htmx import asked_for_part


@page(Role.ADMIN)
def tracking_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`?section=` opens a section, `?variant=` a variant, `?language=` the words in another language."""
    return editor.show_page(request, keeping.here(), request.GET)


@act(Role.ADMIN)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what the open form says, in the draft. HTMX, while somebody types, gets the preview and when it was kept."""
    row, content, variant, asked = _locked(request)
    part = asked_for_part(request)
    form = editor.form_of(content, variant, asked, data=asked, files=None if part else request.FILES)
    if form is None:
        raise IllegalMove(_("The section is gone. Look at the page again."))
    said = "" if form.is_valid() else _("Not kept: look at the fields marked red.")
    if not said:
        said = _written(row, content, variant, form, editor.language_of(content, asked))
    if part:
        context = {"frames": editor.frames(request, content, asked), "said": said, "kept_at": row.changed_at}
        return render(request, "dashboard/_page_kept.html", {"design": context})
    if said:
        return editor.show_page(request, row, asked, form=form, status=422)
    note(request, "page.changed", words=form.section.kind)
    return redirect(editor.here(request, asked))


def _written(row: PageDesign, content: Content, variant: Variant, form: SectionForm, language: str) -> str:
    """Keep a valid form; returns what is wrong with it, or ''."""
    name = form.section.id
    try:
        if form.main:
            content = arranging.rewritten(content, variant, name, form.changes() | form.image())
        else:
            content = arranging.translated(content, variant, name, language, form.texts)
        keeping.keep(row, content)
    except picture.Unusable as error:
        form.add_error("picture", _("This picture cannot be used: take a PNG, JPEG or WebP of at least 32 by 32 points."))
        return str(error)
    except BadPage as error:
        form.add_error(None, str(error))
        return str(error)
    return ""


@act(Role.ADMIN)
def arrange(request: HttpRequest, slug: str) -> HttpResponse:
    """Add, move, switch or take out a section of the draft. What was drawn with other sections does nothing."""
    row, content, variant, asked = _locked(request)
    opened, op = asked.get("section", ""), asked.get("op", "")
    if asked.get("order", "") != editor.order_of(variant):
        notes.warning(request, _("The sections have changed meanwhile. Nothing was done."))
        return redirect(editor.here(request, asked))
    at, to = arranging.place(variant, opened), asked.get("at", "")
    try:
        if op == "add":
            content, opened = _added(request, content, variant, asked.get("kind", ""))
        elif op == "switch":
            content = arranging.switched(content, variant, opened)
        elif op == "remove":
            content, opened = arranging.removed(content, variant, opened), ""
        else:
            steps = {"up": at - 1, "down": at + 1}
            content = arranging.moved(content, variant, opened, steps.get(op, int(to) if to.isdecimal() and len(to) < 4 else 0))
        keeping.keep(row, content)
    except BadPage as error:
        raise IllegalMove(_("This section cannot be added. Look at the page again.")) from error
    note(request, "page.changed", words=opened)
    return redirect(editor.here(request, asked, section=opened))


def _added(request: HttpRequest, content: Content, variant: Variant, kind: str) -> tuple[Content, str]:
    """With a new section; stars lead where the shop's mails already lead to. Raises BadPage."""
    content, name = arranging.added(content, variant, kind)
    url: str = request.brand.review_url  # type: ignore[attr-defined]
    if kind == "review" and url.startswith("https://"):
        content = arranging.rewritten(content, content.variant(variant.id), name, {"url": url})
    return content, name


@act(Role.ADMIN)
def variant(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a variant, change for whom it is, ask it sooner, or take it out."""
    row, content, now, asked = _locked(request)
    op, opened = asked.get("op", ""), now.id
    if op in ("add", "rules"):
        form = VariantForm(asked, variant=now if op == "rules" else None)
        if not form.is_valid():
            return editor.show_page(request, row, asked, variant_form=form, adding=op == "add", status=422)
        given = form.cleaned_data
        if op == "add":
            content, opened = arranging.branched(content, given["name"], given["countries"], given["tags"])
        elif now.ruled:
            content = arranging.ruled(content, now, given["name"], given["countries"], given["tags"])
    elif op == "sooner":
        content = arranging.sooner(content, opened)
    elif op == "remove":
        content, opened = arranging.without(content, opened), ""
    try:
        keeping.keep(row, content)
    except BadPage as error:
        raise IllegalMove(_("A page has at most ten variants. Take one out first.")) from error
    note(request, "page.changed", words=opened)
    return redirect(editor.here(request, asked, variant=opened, section=""))


@act(Role.ADMIN)
def whole(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what shoppers may ask for, and which sites may frame the look-up; in the draft."""
    row, content, _variant, asked = _locked(request)
    form = WholeForm(asked, content=content)
    if not form.is_valid():
        return editor.show_page(request, row, asked, whole_form=form, status=422)
    content.asks, content.origins = form.cleaned_data["asks"], form.cleaned_data["origins"]
    keeping.keep(row, content)
    note(request, "page.changed", words="asks")
    return redirect(editor.here(request, asked))


@act(Role.ADMIN)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft is what shoppers see from now on."""
    row = keeping.locked()
    before = _live(row)
    made = keeping.publish(row)
    note(request, "page.published", changes=audit.changed({"live": before}, {"live": made.number}))
    notes.success(request, _("Version %s is live: shoppers see it from now on.") % made.number)
    return redirect(editor.here(request, request.POST))


@act(Role.ADMIN)
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an older version live again, and the draft with it."""
    row = keeping.locked()
    before, number = _live(row), request.POST.get("number", "")
    made = keeping.roll_back(row, int(number) if number.isdecimal() and len(number) < 6 else 0)
    note(request, "page.restored", changes=audit.changed({"live": before}, {"live": made.number}))
    notes.success(request, _("Version %s is live again.") % made.number)
    return redirect(links.to(request, "tracking-page"))


def _live(row: PageDesign) -> int:
    return row.live.number if row.live else 0


def _locked(request: HttpRequest) -> tuple[PageDesign, Content, Variant, Any]:
    """The design held, its draft, the variant that is open, and what was posted."""
    row = keeping.locked()
    content = read(row.draft)
    return row, content, content.variant(request.POST.get("variant", "")), request.POST
