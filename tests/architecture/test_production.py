"""Production starts with nothing but its secrets and addresses, complains about nothing, and says which of them is missing."""

import base64
import re
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT, code

SECRETS = {
    "SECRET_KEY": "b6Xq-1rW0_tq3nYcUe8ZkM5vGd7LhJfSoRpAiTzQ2wE9x4C_NsVmBuKgHyDl",
    "DATA_KEYS": base64.b64encode(bytes(range(32))).decode(),
    "LINK_KEY": bytes(range(16)).hex(),
    "DATABASE_URL": "postgresql://postpurchase_app:secret@db.example/postpurchase",
    "REDIS_URL": "redis://:secret@broker.example/0",
    "EMAIL_URL": "smtp+tls://post:secret@mail.example:587",
}
REST = {"BASE_URL": "https://shop.example", "ALLOWED_HOSTS": "shop.example", "DJANGO_SETTINGS_MODULE": "postpurchase.settings"}
READ = re.compile(r"env\.\w+\(\s*\"([A-Z_]+)\"|\"([A-Z_]+)\" (?:not )?in env\.ENVIRON|os\.environ(?:\.get)?[\[(]\"([A-Z_]+)\"")
IN_COMPOSE = re.compile(r"\$\{([A-Z_]+)")
IN_EXAMPLE = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)


def python(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_deployment_check_has_nothing_to_say() -> None:
    done = python("-m", "django", "check", "--deploy", "--fail-level", "WARNING", **SECRETS, **REST)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.mark.parametrize("missing", SECRETS)
def test_without_one_of_them_it_does_not_start_and_names_it(missing: str) -> None:
    given = {name: value for name, value in SECRETS.items() if name != missing}

    done = python("-c", "import postpurchase.settings", **given, **REST)

    assert done.returncode == 1
    assert f"production refuses development values: set {missing} (see .env.example)" in done.stderr


@pytest.mark.parametrize(("name", "bad"), [("DATA_KEYS", "c2hvcnQ="), ("LINK_KEY", "0011")])
def test_a_key_of_the_wrong_length_is_refused(name: str, bad: str) -> None:
    done = python("-c", "import postpurchase.settings", **SECRETS | {name: bad}, **REST)

    assert done.returncode == 1
    assert "DATA_KEYS takes base64 of 32 bytes each, LINK_KEY 32 hex characters" in done.stderr


def test_the_example_lists_every_setting_and_nothing_that_nobody_reads() -> None:
    read = {source.path: names(source.text) for source in code()}
    in_compose = set(IN_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))

    listed = set(IN_EXAMPLE.findall((ROOT / ".env.example").read_text()))

    assert {"SECRET_KEY", "DATABASE_OWNER_URL", "CONN_MAX_AGE", "API_CALLS_PER_SECOND"} <= read["postpurchase/settings.py"]
    assert (read["postpurchase/settings.py"] | in_compose) - listed == set()
    assert listed - set().union(*read.values()) - in_compose == set()


def names(text: str) -> set[str]:
    return {name for found in READ.findall(text) for name in found if name}
