"""Draws every sample page; a name that a template asks for and a sample lacks is an error."""

from pathlib import Path

from django.conf import settings
from django.template import Origin
from django.template.backends.django import DjangoTemplates
from django.template.loaders.filesystem import Loader
from django.utils import timezone, translation

from postpurchase.ui.inline import inline_classes
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


class StyledLoader(Loader):
    """The email templates as the product loads them: styles written into the elements of the source."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        folder = Path(settings.TEMPLATES[0]["DIRS"][0]) / "email"
        return inline_classes(source, (folder / "styles.css").read_text()) if origin.name.endswith(".html") else source


def draw_email(name: str, context: dict[str, object], language: str = "en") -> tuple[str, str, str, str]:
    """Subject, preheader, HTML and text of one message."""
    email = DjangoTemplates(
        {
            "NAME": "emails",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": {
                "string_if_invalid": Missing("%s"),
                "loaders": [("tests.ui.draw.StyledLoader", settings.TEMPLATES[0]["DIRS"])],
            },
        }
    )
    with translation.override(language):
        subject, preheader = email.get_template(f"email/{name}.subject.txt").render(dict(context)).strip().splitlines()
        whole = {**context, "subject": subject, "preheader": preheader}
        return (
            subject,
            preheader,
            email.get_template(f"email/{name}.html").render(whole),
            email.get_template(f"email/{name}.txt").render(whole),
        )
