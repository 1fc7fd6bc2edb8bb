"""The forms of the email editor: one for each kind of block, made from its fields."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.designs.blocks import KINDS, LISTS, Block
from notifications.designs.content import FIXED, HTML, Content, of_block
from notifications.models import EmailDesign, Stream

LABELS: dict[str, Any] = {
    "title": _("Heading"),
    "text": _("Text"),
    "size": _("Size of the heading"),
    "address": _("Also say where it goes"),
    "stage": _("How far"),
    "note": _("Sentence under the bars"),
    "code": _("Code"),
    "url": _("Where it leads"),
    "image": _("Address of the picture"),
    "alt": _("What the picture shows"),
    "label": _("Words on the button"),
    "price": _("Price"),
    "look": _("Look"),
    "help": _("Say where to turn for help"),
}
OF_ROWS: dict[str, dict[str, Any]] = {
    "products": {"title": _("Product"), "url": _("Its page")},
    "profiles": {"title": _("Name")},
    "questions": {"title": _("Question"), "text": _("Answer")},
}
CHOICES: dict[str, list[tuple[str, str | Promise]]] = {
    "size": [("big", _("Big")), ("small", _("Small")), ("plain", _("Plain"))],
    "stage": [
        ("auto", _("As far as the parcel is")),
        ("ordered", _("Ordered")),
        ("shipped", _("Shipped")),
        ("out", _("Out for delivery")),
        ("delivered", _("Delivered")),
    ],
    "look": [("space", _("Room")), ("line", _("Line"))],
}
HELP = {
    "text": _('You may use <b>, <i>, <u> and <a href="https://…">.'),
    "image": _("Over https."),
    "url": _("An address over https, or a name from the list."),
    "alt": _("For those who do not see it."),
}


class NewForm(forms.Form):
    """A new design."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For your team."))
    base = forms.ChoiceField(label=_("Begin with"), required=False)
    stream = forms.ChoiceField(
        label=_("For"), choices=Stream.choices, help_text=_("An email of ours brings its own. News and requests need consent.")
    )

    def __init__(self, *args: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["base"].choices = [("", _("An empty page")), *bases]  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """What stands around the blocks."""

    name = forms.CharField(label=_("Name"), max_length=80)
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    preheader = forms.CharField(label=_("Preview text"), max_length=300, required=False)
    sms = forms.CharField(
        label=_("The same as a text message"), max_length=1600, required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "input"})
    )

    def __init__(self, data: Any = None, *, design: EmailDesign, content: Content, language: str) -> None:
        main, own = language == content.language, content.words.get(language, {})
        told = {key: getattr(content, key) if main else own.get(key, "") for key in ("subject", "preheader", "sms")}
        super().__init__(data, initial={"name": design.name, **told})
        self.label_suffix = ""
        self.fields["subject"].help_text = _("Phones show about 60 characters.")
        self.fields["preheader"].help_text = _("Stands beside the subject in the inbox; about 90 characters are seen.")
        if not main:
            del self.fields["name"]
            for key in told:
                self.fields[key].widget.attrs["placeholder"] = getattr(content, key)

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by the names of `words`."""
        return {key: self.cleaned_data[key] for key in ("subject", "preheader", "sms")}


class BlockForm(forms.Form):
    """One block, in one language. In another than the main one its choices are left out, and what is empty is as in the main one."""

    def __init__(self, data: Any = None, *, block: Block, content: Content, language: str) -> None:
        super().__init__(data)
        self.label_suffix, self.block, self.main = "", block, language == content.language
        own = content.words.get(language, {})
        if self.main:
            self._choices()
        for field in of_block(block):
            made = _text(field.key.partition(".")[2], field.kind)
            made.initial = field.source if self.main else own.get(field.key, "")
            if not self.main:
                made.widget.attrs["placeholder"] = field.source
            self.fields[field.key.partition(".")[2]] = made
        if self.main:
            self._one_more()

    def _choices(self) -> None:
        for name in self.block.__struct_fields__:
            if name in CHOICES:
                self.fields[name] = forms.ChoiceField(label=LABELS[name], choices=CHOICES[name], initial=getattr(self.block, name))
            elif name in FIXED and name != "id":
                self.fields[name] = forms.BooleanField(label=LABELS[name], required=False, initial=getattr(self.block, name))

    def _one_more(self) -> None:
        """An empty row at the end of a list, to write the next one in."""
        listed = LISTS.get(str(self.block.__struct_config__.tag))
        if listed and len(rows := getattr(self.block, listed[0])) < MOST_ROWS[listed[0]]:
            for name in listed[1].__struct_fields__:
                self.fields[f"{listed[0]}.{len(rows)}.{name}"] = _text(f"{listed[0]}.0.{name}", "html" if name in HTML else "line")

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by the names of `words`."""
        return {f"{self.block.id}.{name}": self.cleaned_data[name] for name in self.fields if name not in FIXED}

    def block_of(self) -> dict[str, Any]:
        """The block as it is to be stored: empty rows at the end of a list are none."""
        kind = str(self.block.__struct_config__.tag)
        found: dict[str, Any] = {"type": kind, "id": self.block.id}
        rows: list[dict[str, str]] = []
        for name, value in self.cleaned_data.items():
            _first, _dot, rest = name.partition(".")
            if not rest:
                found[name] = value
                continue
            at, _dot, inner = rest.partition(".")
            rows += [{} for _ in range(int(at) + 1 - len(rows))]
            rows[int(at)][inner] = value
        while rows and not any(rows[-1].values()):
            rows.pop()
        return found | ({LISTS[kind][0]: rows} if kind in LISTS else {})


MOST_ROWS = {"products": 6, "profiles": 6, "questions": 10}


def _text(name: str, kind: str) -> forms.CharField:
    """A field for a text; `name`: text, or products.0.title."""
    first, _dot, rest = name.partition(".")
    at, _dot, inner = rest.partition(".")
    label = OF_ROWS[first].get(inner) or LABELS[inner] if inner else LABELS[first]
    html = kind == "html"
    made = forms.CharField(
        label=f"{label} {int(at) + 1}" if inner else label,
        required=False,
        max_length=8000 if html else 1000 if kind == "address" else 300,
        widget=forms.Textarea(attrs={"rows": 5, "class": "input"}) if html else forms.TextInput(),
        strip=not html,
    )
    if not inner and name in HELP:
        made.help_text = HELP[name]
    return made


class ArrangeForm(forms.Form):
    """Blocks added, moved, doubled, taken out, put back. `order`: the blocks as the page showed them, against a second press."""

    ADD, UP, DOWN, TO, COPY, REMOVE, BACK = "add", "up", "down", "to", "copy", "remove", "back"
    op = forms.ChoiceField(choices=[(one, one) for one in (ADD, UP, DOWN, TO, COPY, REMOVE, BACK)])
    block = forms.CharField(required=False, max_length=40)
    kind = forms.ChoiceField(required=False, choices=[(one, one) for one in KINDS])
    at = forms.IntegerField(required=False, min_value=0, max_value=100)
    order = forms.CharField(required=False, max_length=4000)


class TestForm(forms.Form):
    """Where a test goes: to somebody of the team."""

    to = forms.EmailField(label=_("To"), help_text=_("An address of your team"))
    order = forms.CharField(required=False, widget=forms.HiddenInput)
    language = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.RegexField(r"\A[\w-]{20,60}\Z", widget=forms.HiddenInput)

    def __init__(self, *args: Any, team: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id, self.label_suffix, self.team = "test_%s", "", team

    def clean_to(self) -> str:
        """Lower case, and on the team."""
        to: str = self.cleaned_data["to"].lower()
        if to not in self.team:
            raise forms.ValidationError(_("This address is not on your team. Nothing was sent: take your own, or add the person first."))
        return to
