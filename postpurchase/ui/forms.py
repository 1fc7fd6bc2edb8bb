"""How a form field is drawn: label, control, hint, errors; state told by ARIA attributes."""

from typing import Any

from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def _kind(widget: Widget) -> str:
    if isinstance(widget, RadioSelect):
        return "radios"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "select" if isinstance(widget, Select) else "input"


def _described(bound: BoundField, hint: str) -> str:
    return " ".join(f"{bound.auto_id}-{part}" for part, there in (("hint", hint), ("error", bound.errors)) if there)


def render_field(bound: BoundField, *, hint: str = "", attrs: dict[str, str] | None = None) -> SafeString:
    """One field of a form as HTML. `hint` replaces the field's help text; `attrs` go to the control."""
    kind = _kind(bound.field.widget)
    hint = hint or str(bound.help_text)
    given: dict[str, Any] = {"class": kind} if kind in ("input", "select") else {}
    if bound.errors:
        given["aria-invalid"] = "true"
    if described := _described(bound, hint):
        given["aria-describedby"] = described
    control = bound.as_widget(attrs=given | (attrs or {}))
    return render_to_string("ui/_field.html", {"bound": bound, "control": control, "kind": kind, "hint": hint})
