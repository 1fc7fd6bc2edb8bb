"""Migrations form one line per app, the models need no further one, and none of them holds up a version that runs beside it."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import call_command
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterModelTable,
    CreateModel,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, CheckConstraint, Index, IntegerField, Q

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
    assert found.keys() == RELEASED.keys()


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


RELEASED = {  # the last migration of the first release: what came before it ran on empty tables
    "tenancy": "0009_user_language",
    "events": "0003_drop_double_indexes",
    "integrations": "0006_connections_and_replays",
    "domains": "0001_names",
    "orders": "0009_names_from_every_word",
    "tracking": "0005_parcels_that_need_somebody",
    "notifications": "0009_page_languages",
    "transfers": "0004_workbooks_of_any_size",
    "bulk": "0001_initial",
    "backtest": "0001_initial",
    "post": "0001_letters",
    "brands": "0002_logo_gate",
    "alerts": "0001_alerts",
    "desk": "0001_cases",
}


def stalls(migration: Migration) -> list[str]:
    """What a migration does that would hold up, or break, the version that still runs beside it (docs/runbook.md, Changing tables)."""
    made = {step.name.lower() for step in migration.operations if isinstance(step, CreateModel)}
    return [fault for step in migration.operations if (fault := _fault(step, made, migration.atomic))]


def _fault(step: Operation, made: set[str], atomic: bool) -> str:
    if isinstance(step, RenameField | RenameModel | AlterModelTable):
        return "renames: add, copy in portions, read the new one, drop the old one"
    if getattr(step, "model_name", "").lower() in made:
        return ""
    if isinstance(step, AddIndex) and (atomic or not isinstance(step, AddIndexConcurrently)):
        return "makes an index under a lock: AddIndexConcurrently, atomic = False"
    if isinstance(step, AddConstraint) and not isinstance(step, AddConstraintNotValid):
        return "checks every row under a lock: AddConstraintNotValid, then ValidateConstraint in the next migration"
    if isinstance(step, AddField) and not (step.field.null or step.field.many_to_many or step.field.db_default is not NOT_PROVIDED):
        return "adds a column that old code must fill: null=True or db_default"
    return ""


def test_no_migration_since_the_first_release_holds_up_a_running_version() -> None:
    graph = MigrationLoader(None).graph
    for label, last in RELEASED.items():
        since = sorted(name for app, name in graph.node_map if app == label and name > last)
        assert {name: stalls(graph.nodes[label, name]) for name in since if stalls(graph.nodes[label, name])} == {}, label


INDEX = Index(fields=["a"], name="a")
CHECK = CheckConstraint(condition=Q(a__gt=0), name="a")


@pytest.mark.parametrize(
    ("step", "atomic", "told"),
    [
        (RenameField("order", "a", "b"), True, "renames"),
        (AddIndex("order", INDEX), True, "makes an index under a lock"),
        (AddIndexConcurrently("order", INDEX), True, "makes an index under a lock"),
        (AddIndexConcurrently("order", INDEX), False, ""),
        (AddIndex("fresh", INDEX), True, ""),
        (AddConstraint("order", CHECK), True, "checks every row under a lock"),
        (AddConstraintNotValid("order", CHECK), True, ""),
        (AddField("order", "a", IntegerField()), True, "adds a column that old code must fill"),
        (AddField("order", "a", IntegerField(default=0)), True, "adds a column that old code must fill"),
        (AddField("order", "a", IntegerField(db_default=0)), True, ""),
        (AddField("order", "a", IntegerField(null=True)), True, ""),
    ],
)
def test_what_would_hold_it_up_is_seen(step: Operation, atomic: bool, told: str) -> None:
    migration = Migration("x", "orders")
    migration.operations, migration.atomic = [CreateModel("Fresh", []), step], atomic

    found = stalls(migration)

    assert len(found) == bool(told)
    assert all(fault.startswith(told) for fault in found)
