"""Emails drawn by plates are the emails that Django's own engine draws."""

from typing import Any

import pytest
from django.template import Context
from django.utils import timezone, translation

from notifications import press
from tests.ui.samples.emails import EMAILS, SPARSE

SAMPLES: list[tuple[str, dict[str, Any]]] = [(name, dict(context)) for samples in (EMAILS, SPARSE) for name, context in samples.items()]
HOSTILE = "<b>A & 'B'</b> 100%s {{ x }}"


def spoilt(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: spoilt(found) for key, found in value.items()}
    if isinstance(value, list):
        return [spoilt(found) for found in value]
    return HOSTILE if isinstance(value, str) and value else value


@pytest.mark.parametrize("language", ["en", "de", "ja"])
@pytest.mark.parametrize("kind", ["subject.txt", "html", "txt"])
@pytest.mark.parametrize(("name", "context"), SAMPLES)
def test_a_plate_draws_what_the_template_draws(name: str, context: dict[str, Any], kind: str, language: str) -> None:
    file = f"email/{name}.{kind}"
    more = {"subject": HOSTILE, "preheader": HOSTILE}

    with translation.override(language), timezone.override("Europe/Berlin"):
        for sample in ({**context, **more}, {**context, "all_delivered": True}, spoilt(context), {}):
            template: Any = press.engine().get_template(file).template

            assert press.pressed(file, language)(sample) == template.render(Context(dict(sample)))
