"""Draws every sample page; a name that a template asks for and a sample lacks is an error."""

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.utils import timezone, translation

from tests.ui.samples import PAGES


class Missing(str):
    """Stands for a variable that the context lacks: drawing it raises, testing it with `if` does not."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"The template asks for {name}; the sample has no such thing.")


def engine() -> DjangoTemplates:
    return DjangoTemplates(
        {
            "NAME": "strict",
            "DIRS": settings.TEMPLATES[0]["DIRS"],
            "APP_DIRS": False,
            "OPTIONS": {"string_if_invalid": Missing("%s")},
        }
    )


def draw(name: str, language: str = "en", zone: str = "Europe/Stockholm") -> str:
    template, context = PAGES[name]
    with translation.override(language), timezone.override(zone):
        return str(engine().get_template(template).render(dict(context)))
