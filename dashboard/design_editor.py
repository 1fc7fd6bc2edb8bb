"""What the editor of an email shows: the list of its blocks, the open form, frames, findings, versions."""

import re
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import links
from dashboard.forms.design import BlockForm, HeadForm, TestForm
from dashboard.orders import name_of
from notifications import made_up, render, trial
from notifications.cases import Case, load
from notifications.designs import arranging
from notifications.designs.blocks import Block
from notifications.designs.content import Content, of_block, read
from notifications.designs.drawing import BadField, ready
from notifications.lint import Finding, dead
from notifications.liquid.vocabulary import NAMES
from notifications.models import EmailDesign, Stream
from orders.models import Order
from postpurchase.lib import ids, versions
from postpurchase.tenancy.models import Brand
from tracking import overview, zones

RECENT, VERSIONS = 8, 20
LIQUID = re.compile(r"(\s*(\{%.*?%\}|\{\{.*?\}\})\s*)+", re.S)
KINDS: dict[str, str | Promise] = {
    "header": gettext_lazy("Logo"),
    "text": gettext_lazy("Text"),
    "tracking": gettext_lazy("Progress of the parcel"),
    "button": gettext_lazy("Button"),
    "items": gettext_lazy("What is in the parcel"),
    "summary": gettext_lazy("Order and total"),
    "image": gettext_lazy("Picture"),
    "faq": gettext_lazy("Questions and answers"),
    "review": gettext_lazy("Stars for a review"),
    "recommendations": gettext_lazy("Recommended products"),
    "coupon": gettext_lazy("Coupon"),
    "points": gettext_lazy("Points"),
    "social": gettext_lazy("Links to profiles"),
    "divider": gettext_lazy("Divider"),
    "footer": gettext_lazy("Footer"),
}


def context(
    request: HttpRequest, row: EmailDesign, asked: QueryDict, *, form: Any, test_form: TestForm | None, findings: list[Finding] | None
) -> dict[str, Any]:
    """Everything that templates/dashboard/email_design.html names."""
    content = read(row.draft)
    language, user = language_of(content, asked), request.user
    order = order_of(asked)
    shown = {"order": ids.to_public("ord", order.pk) if order else "", "language": language}
    fresh = TestForm(initial={"to": getattr(user, "email", ""), "once": ids.random_token(), **shown}, team=frozenset())
    return {
        "name": row.name,
        "stream": Stream(row.stream).label,
        "version": row.live.number if row.live else 0,
        "changed": versions.unpublished(row),
        "kept_at": row.changed_at,
        "open": asked.get("block", ""),
        "language": language,
        "order": arranging.ids(content),
        "blocks": [_listed(request, row, asked, one) for one in content.blocks],
        "head_url": here(request, row, asked, block=""),
        "kinds": [(kind, str(word)) for kind, word in KINDS.items()],
        "form": form or form_of(row, content, asked),
        "form_title": _title(content, asked),
        "languages": _languages(request, row, content, asked),
        "names": NAMES,
        "frames": frames(request, row, asked),
        "orders": [(ids.to_public("ord", one.pk), f"{one.number}, {name_of(one)}") for one in recent()],
        "order_id": shown["order"],
        "shade": asked.get("shade", ""),
        "findings": None if findings is None else [_finding(request, row, content, one) for one in [*findings, *dead(row)]],
        "check_url": here(request, row, asked, check="1"),
        "test_form": test_form or fresh,
        "versions": list(row.versions.order_by("-number").only("number", "published_at", "design")[:VERSIONS]),
        "urls": {name: links.to(request, f"design-{name}", key=row.key) for name in ("change", "arrange", "test", "publish", "restore")},
        "page_url": links.to(request, "design", key=row.key),
        "list_url": links.to(request, "designs"),
    }


def here(request: HttpRequest, row: EmailDesign, asked: QueryDict, **changed: str) -> str:
    """The editor with the same things open, but for what is changed."""
    query = {name: asked.get(name, "") for name in ("block", "language", "order_id", "shade")} | changed
    return links.to(request, "design", {name: value for name, value in query.items() if value}, key=row.key)


def code(given: str) -> str:
    """One of the shoppers' languages, or ''."""
    return given if given in dict(settings.LANGUAGES) else ""


def language_of(content: Content, asked: QueryDict) -> str:
    """The language that is being written; the design's main one unless another was chosen."""
    return code(asked.get("language", "")) or content.language


def form_of(row: EmailDesign, content: Content, asked: QueryDict, data: Any = None) -> BlockForm | HeadForm:
    """The form of the open block; where none is open, of the subject."""
    block, language = content.block(asked.get("block", "")), language_of(content, asked)
    if block is None:
        return HeadForm(data, design=row, content=content, language=language)
    return BlockForm(data, block=block, content=content, language=language)


def changed(row: EmailDesign, content: Content, form: BlockForm | HeadForm, language: str) -> Content:
    """The content with what a valid form says; a new name is put on the row."""
    if language != content.language:
        return arranging.translated(content, language, form.texts)
    if isinstance(form, BlockForm):
        return arranging.rewritten(content, form.block_of())
    row.name = form.cleaned_data["name"]
    for name, text in form.texts.items():
        setattr(content, name, text)
    return content


def recent() -> list[Order]:
    """The newest orders, those with a parcel first, to look at the email with."""
    orders = Order.objects.filter(cancelled_at=None, erased_at=None).select_related("customer").newest_first()
    return list(orders.filter(overview.has_parcel(Q(cancelled_at=None)))[:RECENT]) or list(orders[:RECENT])


def order_of(asked: QueryDict) -> Order | None:
    """The order that was chosen, else the first of the newest; None while there is none."""
    wanted = ids.from_public("ord", asked.get("order_id", "") or asked.get("order", ""))
    found = Order.objects.filter(pk=wanted).select_related("customer").first() if wanted else None
    return found or next(iter(recent()), None)


def drawn_now(row: EmailDesign, content: Content, asked: QueryDict) -> render.Rendered | str:
    """The draft as an order would get it; a sentence where it cannot be drawn."""
    case = _case(row, order_of(asked), code(asked.get("language", "")))
    language = render.language_of(case)
    try:
        with translation.override(language), timezone.override(zones.named(case.brand.time_zone)):
            return render.drawn(case, ready(content, language), language)
    except BadField as error:
        return _("It cannot be drawn yet. %(kind)s: %(said)s") % {"kind": _kind(content, error.field.block), "said": error.said}


def _case(row: EmailDesign, order: Order | None, language: str) -> Case:
    if order is not None:
        return load([trial.of_design(row, order, locale=language)])[0]
    case = made_up.case(Brand.objects.order_by("id")[0])
    case.message.locale, case.message.stream = language or case.message.locale, row.stream
    return case


def frames(request: HttpRequest, row: EmailDesign, asked: QueryDict) -> list[dict[str, str]]:
    """A phone, a desk and the plain text. What they were drawn from is part of the address, so that a change draws them anew."""
    query = {"order": asked.get("order_id", "") or asked.get("order", ""), "language": code(asked.get("language", ""))}
    query |= {"shade": asked.get("shade", ""), "v": str(round(row.changed_at.timestamp() * 1000))}
    query = {name: value for name, value in query.items() if value}
    at = links.to(request, "design-preview", query, key=row.key)
    text = links.to(request, "design-preview", query | {"as": "text"}, key=row.key)
    found = drawn_now(row, read(row.draft), asked)
    inbox = {"subject": found, "preheader": ""} if isinstance(found, str) else {"subject": found.subject, "preheader": found.preheader}
    return [
        inbox | {"kind": "phone", "url": at, "title": _("Email on a phone")},
        inbox | {"kind": "desk", "url": at, "title": _("Email on a desktop")},
        inbox | {"kind": "desk text", "url": text, "title": _("Plain text")},
    ]


def _kind(content: Content, name: str) -> str:
    block = content.block(name)
    return str(KINDS[str(block.__struct_config__.tag)]) if block else _("Subject and preview text")


def _title(content: Content, asked: QueryDict) -> str:
    return _kind(content, asked.get("block", ""))


def _listed(request: HttpRequest, row: EmailDesign, asked: QueryDict, block: Block) -> dict[str, str]:
    words = next((field.source for field in of_block(block) if field.kind != "address" and field.source.strip()), "")
    kind = str(KINDS[str(block.__struct_config__.tag)])
    return {"id": block.id, "kind": kind, "words": LIQUID.sub("…", words)[:80], "url": here(request, row, asked, block=block.id)}


def _languages(request: HttpRequest, row: EmailDesign, content: Content, asked: QueryDict) -> list[dict[str, Any]]:
    """Tabs; an own text in a language is counted."""
    now = language_of(content, asked)
    first = sorted(settings.LANGUAGES, key=lambda one: one[0] != content.language)
    return [
        {"label": translation.gettext(name), "url": here(request, row, asked, language=one), "count": None, "current": one == now}
        for one, name in first
    ]


def _finding(request: HttpRequest, row: EmailDesign, content: Content, one: Finding) -> dict[str, str]:
    url = here(request, row, QueryDict(), block=one.block, language=one.language)
    return {
        "tone": "bad" if one.severity == "error" else "warn",
        "text": one.text,
        "fix": one.fix,
        "url": url,
        "where": _kind(content, one.block),
    }
