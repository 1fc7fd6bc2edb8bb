"""Run every check: lint first, then all tests in parallel. Arguments go to pytest, and then lint is left out."""

import sys
from collections.abc import Sequence

from django.core.management.base import BaseCommand

from postpurchase.embedded import checks

HELP = f"""{__doc__}
usage: python3 manage.py test [any arguments of pytest]

  python3 manage.py test                          everything, as CI does
  python3 manage.py test tests/orders             one folder
  python3 manage.py test -n 0 -x -k cancellation  one process, stop at the first failure, tests by name
"""


class Command(BaseCommand):
    """Takes over from Django's own test command; all arguments belong to pytest."""

    help = __doc__ or ""
    requires_system_checks = ()

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Run with the raw arguments; exits with pytest's code, or 1 when lint failed."""
        arguments = list(argv[2:])
        if arguments in (["--help"], ["-h"]):
            print(HELP)
            return
        failed = [] if arguments else checks.lint()
        code = checks.pytest(arguments)
        if failed:
            print(f"lint failed before the tests: {', '.join(failed)}", file=sys.stderr)
        sys.exit(code or bool(failed))
