"""Tables for commands that bring their own servers."""

import subprocess
import sys

from django.conf import settings
from django.db import connection


def migrate() -> None:
    """Bring the database that this process uses up to date, as its owner. Raises CalledProcessError."""
    connection.close()
    command = [sys.executable, "manage.py", "migrate", "--noinput", "-v0"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
