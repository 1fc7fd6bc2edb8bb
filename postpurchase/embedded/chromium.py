"""Find a Chromium for the browser tests, or get one. Tests are never skipped for want of a browser."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from postpurchase.embedded.environment import apt_install, works
from postpurchase.embedded.progress import Failure, step

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")
PLAYWRIGHT_BUILDS = ("chromium*/chrome-*/headless_shell", "chromium*/chrome-*/chrome-headless-shell", "chromium*/chrome-*/chrome")
CHOICES = (
    "set POSTPURCHASE_CHROMIUM to a Chromium, Chrome or Edge program; or install one (Debian and Ubuntu, as root: "
    "apt install chromium fonts-liberation libatomic1; macOS: brew install --cask chromium); "
    "or open the network for `.venv/bin/playwright install chromium-headless-shell`."
)


def ensure_chromium() -> str:
    """The path of a browser that starts; installs one if need be. Raises Failure naming the choices."""
    ensure_driver()
    if found := find_chromium():
        return found
    with step("Chromium"):
        works([sys.executable, "-m", "playwright", "install", "chromium-headless-shell"])
        found = find_chromium()
        if not found and apt_install("chromium"):
            apt_install("fonts-liberation")
            found = find_chromium()
    if not found:
        raise Failure("No Chromium for the browser tests, and none could be installed.", CHOICES)
    return found


def find_chromium() -> str | None:
    """The first browser of this machine that starts."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    """Programs that may be a browser, best first. A named one that does not start is an error, not a reason to look on."""
    if named := os.environ.get("POSTPURCHASE_CHROMIUM"):
        if not starts(named):
            raise Failure(f"POSTPURCHASE_CHROMIUM is {named}, which does not start.", CHOICES)
        yield named
    yield from (found for name in ON_PATH if (found := shutil.which(name)))
    yield from (f"/Applications/{app}.app/Contents/MacOS/{app}" for app in MAC_APPS)
    for pattern in PLAYWRIGHT_BUILDS:
        yield from (str(path) for path in sorted(playwright_folder().glob(pattern), reverse=True))


def playwright_folder() -> Path:
    """Where playwright keeps the browsers that it installs."""
    if named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(named)
    return Path.home() / ("Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright")


def starts(program: str) -> bool:
    """Whether it runs on this machine (a library may be missing)."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    return False


def ensure_driver() -> None:
    """Playwright's own node needs libatomic, which slim systems lack. Raises Failure when it cannot be had."""
    if sys.platform != "linux" or os.environ.get("PLAYWRIGHT_NODEJS_PATH") or has_libatomic():
        return
    if not (apt_install("libatomic1") and has_libatomic()):
        raise Failure(
            "The browser driver needs the library libatomic.so.1.",
            "install it (Debian and Ubuntu, as root: apt install libatomic1), or set PLAYWRIGHT_NODEJS_PATH to a node you have.",
        )


def has_libatomic() -> bool:
    """Whether the dynamic linker finds libatomic.so.1."""
    with contextlib.suppress(OSError):
        ctypes.CDLL("libatomic.so.1")
        return True
    return False
