"""Bring the catalogues in locale/ up to date with the texts marked for translation, and compile the whole ones; --check changes nothing."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from console.tongues import catalogues, marked, unmarked


class Command(BaseCommand):
    """Tells what is not translated. Exits 1 with --check when shoppers would read a gap; the dashboard's languages are shown once whole."""

    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only look; exit 1 when something is missing, doubtful or stale")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = self._check() if options["check"] else self._update()
        self.stdout.write(f"words: {wrong} to mend" if wrong else "words: all is translated")
        sys.exit(bool(wrong and options["check"]))

    def _update(self) -> int:
        missing = 0
        for door, places in marked.by_door().items():
            for language in catalogues.languages(door):
                catalogue = catalogues.update(door, language, places)
                gaps, compiled = len(catalogues.untranslated(catalogue)), catalogues.path_of(door, language).with_suffix(".mo")
                if not gaps or compiled.exists():  # the first compilation shows the language to people: it has to be whole
                    compiled.write_bytes(catalogues.compiled(catalogue))
                self.stdout.write(f"{door} {language}: {len(places)} texts, {gaps} not translated")
                missing += gaps
        return missing

    def _check(self) -> int:
        found = [*unmarked.everywhere()]
        for door, places in marked.by_door().items():
            for language in catalogues.languages(door):
                shown = catalogues.path_of(door, language).with_suffix(".mo").exists()
                if door != "dashboard" or shown:
                    found += [f"{door} {language}: {fault}" for fault in catalogues.faults(door, language, places)]
        for fault in found:
            self.stdout.write(fault)
        return len(found)
