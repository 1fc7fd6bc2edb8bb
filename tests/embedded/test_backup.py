"""The runbook's backup and restore, word for word: every row, every lock and every right comes back."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from postpurchase.embedded.binaries import postgres_candidates
from postpurchase.lib import clock
from postpurchase.tenancy.models import Merchant
from tests.architecture.catalogue import DEFINERS, TABLES
from tests.dashboard.shop import fill

BLOCK = re.compile(r"^```bash (\w+)\n(.*?)^```", re.M | re.S)
RESTORED = "restored_from_backup"
NAMES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
ROLES = {"platform": settings.PLATFORM_ROLE, "app": settings.APP_ROLE}
RIGHTS = """
SELECT relname, relacl::text, pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'i')
UNION ALL SELECT proname, proacl::text, pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2"""


def url_of(role: dict[str, Any], name: str) -> str:
    return f"postgresql://{role['USER']}:{role['PASSWORD']}@{role['HOST']}:{role['PORT']}/{name}"


def run(block: str, **environ: str) -> None:
    commands = dict(BLOCK.findall((settings.BASE_DIR / "docs/runbook.md").read_text()))[block]
    path = os.pathsep.join([*map(str, postgres_candidates()), os.environ["PATH"]])
    subprocess.run(["bash", "-ec", commands], check=True, env={**os.environ, "PATH": path, **environ}, cwd=environ["PWD"])


def asked(url: str, sql: str) -> list[Any]:
    with contextlib.closing(psycopg2.connect(url)) as opened, opened.cursor() as cursor:
        cursor.execute(sql, ROLES if "%(" in sql else None)
        return cursor.fetchall()


def contents(url: str) -> dict[str, Any]:
    """Table -> how many rows, and a sum over all they say."""
    one = "SELECT '{0}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{0}\" t"
    names = [name for (name,) in asked(url, NAMES)]
    return {name: rest for name, *rest in asked(url, " UNION ALL ".join(one.format(name) for name in names))}


def drop_restored(url: str) -> None:
    with contextlib.closing(psycopg2.connect(url)) as opened:
        opened.autocommit = True
        opened.cursor().execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


@pytest.fixture
def owner() -> Iterator[str]:
    """The owner's address of this test's database; the restored one beside it goes afterwards."""
    url = url_of(settings.DATABASE_OWNER, connection.settings_dict["NAME"])
    drop_restored(url)
    yield url
    drop_restored(url)


@pytest.mark.django_db(transaction=True)
def test_every_row_lock_and_right_comes_back(ann: Merchant, bob: Merchant, owner: str, tmp_path: Path) -> None:
    fill(ann, clock.business_now())
    before = contents(owner)

    run("backup", DATABASE_OWNER_URL=owner, PWD=str(tmp_path))
    run("restore", DATABASE_OWNER_URL=owner, RESTORED=RESTORED, PWD=str(tmp_path))

    restored = url_of(settings.DATABASE_OWNER, RESTORED)
    assert before["orders_order"][0] > 10
    assert contents(restored) == before
    for question in (TABLES, DEFINERS, RIGHTS):
        assert sorted(asked(restored, question), key=repr) == sorted(asked(owner, question), key=repr)
    as_app = url_of(connection.settings_dict, RESTORED)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="no merchant in scope"):
        asked(as_app, "SELECT count(*) FROM orders_order")
    assert asked(as_app, f"SELECT set_config('app.merchant', '{ann.pk}', false); SELECT count(*) > 10 FROM orders_order") == [(True,)]
