"""Migrations form one line per app, and the models need no further one."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import migrations

HOMES = {source.path.rsplit("/", 2)[0] for source in migrations()}


def children_of(parents: dict[str, list[str]]) -> dict[str, list[str]]:
    """Migration -> those that follow it directly."""
    return {name: [child for child, above in parents.items() if name in above] for name in parents}


def bends(parents: dict[str, list[str]]) -> list[str]:
    """Where the line of one app forks or merges."""
    forks = [f"{name} is followed by {', '.join(found)}" for name, found in children_of(parents).items() if len(found) > 1]
    merges = [f"{name} follows {', '.join(above)}" for name, above in parents.items() if len(above) > 1]
    roots = [name for name, above in parents.items() if not above]
    return forks + merges + ([f"first: {', '.join(roots)}"] if len(roots) != 1 else [])


def lines() -> dict[str, dict[str, list[str]]]:
    """App -> migration -> its parents in the same app, for our own apps."""
    graph = MigrationLoader(None).graph
    found: dict[str, dict[str, list[str]]] = {}
    for (label, name), node in graph.node_map.items():
        if any(home.endswith(label) for home in HOMES):
            found.setdefault(label, {})[name] = [parent.key[1] for parent in node.parents if parent.key[0] == label]  # type: ignore[union-attr]
    return found


def test_each_apps_migrations_form_one_line() -> None:
    found = lines()

    print(f"{sum(map(len, found.values()))} migrations of {len(found)} apps")
    assert {label: bends(parents) for label, parents in found.items() if bends(parents)} == {}
    assert found.keys() == {"tenancy", "events", "integrations", "orders", "tracking", "notifications", "transfers", "bulk"}


@pytest.mark.parametrize(
    ("parents", "told"),
    [
        ({"1": [], "2a": ["1"], "2b": ["1"]}, ["1 is followed by 2a, 2b"]),
        ({"1": [], "2a": ["1"], "2b": ["1"], "3": ["2a", "2b"]}, ["1 is followed by 2a, 2b", "3 follows 2a, 2b"]),
        ({"1": [], "2": []}, ["first: 1, 2"]),
        ({"1": [], "2": ["1"]}, []),
    ],
)
def test_forks_and_merges_are_seen(parents: dict[str, list[str]], told: list[str]) -> None:
    assert bends(parents) == told


@pytest.mark.django_db
def test_the_models_need_no_further_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
