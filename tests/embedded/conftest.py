import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from postpurchase.embedded import launch
from postpurchase.embedded.state import short_hash

NAMED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "SECRET_KEY", "DATA_KEYS", "LINK_KEY")


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that the servers' account can enter when the tests run as root; pytest's own it cannot."""
    folder = Path(tempfile.mkdtemp(prefix="pp-")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        if os.geteuid() == 0:
            shutil.rmtree(Path("/var/lib") / f"postpurchase-{short_hash(folder)}", ignore_errors=True)


@contextmanager
def named_by_nobody() -> Iterator[None]:
    """The environment names no servers and no secrets, as on a fresh machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMED:
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


@pytest.fixture
def nothing_named() -> Iterator[None]:
    with named_by_nobody():
        yield


@pytest.fixture(scope="module")
def servers() -> Iterator[launch.Running]:
    with named_by_nobody(), reachable_folder() as folder, launch.running("trial", durable=True, root=folder) as running:
        yield running
