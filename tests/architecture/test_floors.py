"""The floors, where import-linter cannot see: foreign keys, migrations, strings, reverse accessors, imports in functions, cycles."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from postpurchase.celery import app as celery
from tests.architecture.source import ROOT, Source, code, dotted, everything, imports, migrations

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS: list[str] = next(contract["layers"] for contract in CONTRACTS if contract["id"] == "floors")
FLOOR = {name.strip(): height for height, layer in enumerate(reversed(LAYERS)) for name in layer.split("|")}
BESIDE = {"tests", "bench", "manage"}  # they look at the product from outside; nothing in it may look at them
OURS = FLOOR.keys() | BESIDE
THE_WAY_IN = {"console": "bench"}  # the command `bench` starts what it measures with
GROUND = re.compile(r"^postpurchase\.(lib|tenancy|jobs|events|post|ui)\b")


def may_reach(source: str, target: str) -> bool:
    """Whether code of one app may know another: itself, and floors below."""
    if target in BESIDE:
        return source in BESIDE or THE_WAY_IN.get(source) == target
    return source == target or source in BESIDE or FLOOR[target] < FLOOR[source]


def app_of(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def import_edges(sources: Iterable[Source]) -> Iterator[tuple[str, str, str]]:
    """(app, app it imports, where), for every import at any depth."""
    for source in sources:
        for name, line in imports(source.tree, source.package):
            if name.split(".")[0] in OURS:
                yield source.app, name.split(".")[0], f"{source.path}:{line} {name}"


def test_every_package_has_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - OURS == set(), "give the new app its place in [tool.importlinter] of pyproject.toml"
    assert {name.split(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.split(".")[0]).is_dir()} <= FLOOR.keys()


def test_imports_go_down_also_inside_functions_and_for_types() -> None:
    edges = list(import_edges([*code(), *migrations()]))

    assert [where for app, target, where in edges if not may_reach(app, target)] == []
    assert len(edges) > 50


def test_the_embedded_services_stand_apart() -> None:
    """They start before anything is installed, and production has none of them."""
    wrong = []
    for source in code():
        for name, line in imports(source.tree, source.package):
            inside, target_inside = source.path.startswith("postpurchase/embedded/"), name.startswith("postpurchase.embedded")
            ours = name.split(".")[0] in OURS
            if (inside and ours and not target_inside) or (
                target_inside and not inside and source.app not in {"console", "bench", "manage"}
            ):
                wrong.append(f"{source.path}:{line} {name}")

    assert wrong == []


def test_no_two_packages_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    known = {source.package for source in code()} | {source.module for source in code()}
    wired_at_start = [source for source in code() if source.path.endswith("/apps.py")]  # they name the parts below; nobody imports them
    beside = [source for source in code() if source.app == "bench"]  # its yardsticks and its rounds are one thing
    for source in [source for source in code() if source not in [*wired_at_start, *beside]]:
        for name, _ in imports(source.tree, source.package):
            target = next((part for part in prefixes(name) if part in known), None)
            if target:
                graph[source.package or source.module].add(package_of(target))

    assert circles(graph) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_nobody_imports_what_wires_an_app_together() -> None:
    named = [(f"{source.path}:{line}", name) for source in code() for name, line in imports(source.tree, source.package)]

    assert [where for where, name in named if name.split(".")[0] in OURS and "apps" in name.split(".")[1:]] == []


def prefixes(name: str) -> Iterator[str]:
    """a.b.c, a.b, a."""
    parts = name.split(".")
    return (".".join(parts[:length]) for length in range(len(parts), 0, -1))


def package_of(module: str) -> str:
    """The folder of a module; a package is its own."""
    is_package = (ROOT / module.replace(".", "/")).is_dir()
    return module if is_package else module.rpartition(".")[0] or module


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Groups of packages that reach one another."""
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen, todo = set(), list(graph[start])
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += graph.get(node, set())
        reach[start] = seen - {start} | ({start} if start in seen and start not in graph[start] else set())
    groups = {frozenset({a, *(b for b in reach[a] if a in reach.get(b, set()))}) for a in reach}
    return [set(group) for group in groups if len(group) > 1]


def test_foreign_keys_point_down() -> None:
    keys = [(model, field) for model in apps.get_models() if app_of(model) in FLOOR for field in model._meta.get_fields() if is_key(field)]
    wrong = [
        str(field)
        for model, field in keys
        if app_of(field.related_model) in FLOOR and not may_reach(app_of(model), app_of(field.related_model))
    ]  # type: ignore[arg-type,type-var]

    print(f"{len(keys)} keys")
    assert wrong == []
    assert len(keys) > 40


def is_key(field: object) -> bool:
    return isinstance(field, Field) and field.is_relation


def test_migrations_depend_on_floors_below() -> None:
    loader, home = MigrationLoader(None), {config.label: config.name.split(".")[0] for config in apps.get_app_configs()}
    edges = [(node, parent.key) for node in loader.graph.nodes for parent in loader.graph.node_map[node].parents]  # type: ignore[arg-type]
    ours = [(child, parent) for child, parent in edges if home[child[0]] in FLOOR and home[parent[0]] in FLOOR]

    assert [(child, parent) for child, parent in ours if not may_reach(home[child[0]], home[parent[0]])] == []
    assert len(ours) > 5


def strings_naming_apps(source: Source) -> Iterator[tuple[str, int]]:
    """('tracking.tasks.poll', line) for text that names a module or model of ours: get_model(), task names, to='app.Model'."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks_like_code(node.value):
            yield node.value, node.lineno
        if isinstance(node, ast.Call) and dotted(node.func).endswith("get_model") and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value), node.lineno


def looks_like_code(name: str) -> bool:
    """A file of ours, or a model: 'orders.Order'. 'orders.html' and 'orders.read' are neither."""
    parts = name.split(".")
    if parts[0] not in FLOOR or not re.fullmatch(r"\w+(\.\w+)+", name):
        return False
    places = [ROOT / "/".join(parts[:length]) for length in range(2, len(parts) + 1)]
    return parts[1][0].isupper() or any(one.with_suffix(".py").exists() or (one / "__init__.py").exists() for one in places)


WIRING = {"postpurchase/settings.py", "postpurchase/urls.py"}  # they name apps by string so that postpurchase/ imports none


def test_strings_that_name_code_point_down_too() -> None:
    homes = {config.label: config.name.split(".")[0] for config in apps.get_app_configs()}
    found = [
        (source, name, line)
        for source in [*code(), *migrations()]
        if source.path not in WIRING
        for name, line in strings_naming_apps(source)
    ]
    wrong = []
    for source, name, line in found:
        target = homes.get(name.split(".")[0], name.split(".")[0])
        if target in FLOOR and not may_reach(source.app, target):
            wrong.append(f"{source.path}:{line} {name}")

    assert wrong == []
    assert found


@pytest.mark.parametrize(
    "text",
    [
        "apps.get_model('notifications.Message')",
        "apps.get_model('notifications', 'Message')",
        "x = 'notifications.models'",
        "ForeignKey('notifications.Message')",
    ],
)
def test_a_string_upwards_is_seen(text: str) -> None:
    found = [name.split(".")[0] for name, _ in strings_naming_apps(Source("orders/bad.py", text))]

    assert found[:1] == ["notifications"]
    assert not may_reach("orders", "notifications")


def test_nudges_name_tasks_that_exist() -> None:
    named = [
        (node.args[0].value, f"{source.path}:{node.lineno}")
        for source in code()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and dotted(node.func).endswith("after_commit")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]

    assert [where for name, where in named if name not in celery.tasks] == []
    assert named


def accessors_from_above() -> dict[str, dict[str, str]]:
    """App -> {name that only a higher floor has put on its models: who did}. Names that some model of the app has itself are left out."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    own: dict[str, set[str]] = defaultdict(set)
    for model in apps.get_models():
        home = app_of(model)
        if home not in FLOOR:
            continue
        for field in model._meta.get_fields():
            above = bool(field.auto_created and field.is_relation and not field.concrete and app_of(field.related_model) != home)  # type: ignore[union-attr,arg-type,type-var]
            name = field.get_accessor_name() if above else field.name  # type: ignore[union-attr]
            if above and name:
                found[home] |= {name: field.related_model._meta.label, field.name: field.related_model._meta.label}  # type: ignore[union-attr]
            elif not above:
                own[home].add(field.name)
    return {home: {name: by for name, by in names.items() if name not in own[home]} for home, names in found.items()}


def uses_of(names: dict[str, str], source: Source) -> Iterator[str]:
    """Attributes and query words (`shipments__status=`, "shipments") by those names."""
    words = re.compile(rf"({'|'.join(map(re.escape, names))})(__\w+)?") if names else None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            yield f"{source.path}:{node.lineno} .{node.attr} belongs to {names[node.attr]}"
        if isinstance(node, ast.keyword) and node.arg and words and words.fullmatch(node.arg) and "__" in node.arg:
            yield f"{source.path}:{node.value.lineno} {node.arg}= belongs to a floor above"
        if (
            isinstance(node, ast.Call)
            and words
            and dotted(node.func).split(".")[-1]
            in {"prefetch_related", "Prefetch", "filter", "values", "values_list", "annotate", "Count", "Exists"}
        ):
            for arg in node.args:
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str) and words.fullmatch(arg.value):
                    yield f"{source.path}:{node.lineno} {arg.value!r} belongs to a floor above"


def test_nobody_reads_what_a_floor_above_has_put_on_his_models() -> None:
    names = accessors_from_above()

    assert [use for source in code() for use in uses_of(names.get(source.app, {}), source)] == []
    assert {"shipments", "messages", "enrolments"} <= names["orders"].keys()


@pytest.mark.parametrize(
    "text", ["order.shipments.all()", "Order.objects.filter(shipments__status='x')", "orders.prefetch_related('messages')"]
)
def test_a_reverse_accessor_from_below_is_seen(text: str) -> None:
    assert list(uses_of(accessors_from_above()["orders"], Source("orders/bad.py", text))) != []


def test_the_product_knows_neither_tests_nor_bench() -> None:
    assert [where for app, target, where in import_edges(code()) if target in BESIDE and not may_reach(app, target)] == []
    assert not may_reach("orders", "bench")
    assert not may_reach("console", "tests")


def test_an_edge_upwards_is_seen_in_a_function_too() -> None:
    bad = Source("orders/bad.py", "def f() -> None:\n    from tracking.models import Shipment")

    assert [may_reach(app, target) for app, target, _ in import_edges([bad])] == [False]
    assert not may_reach("api", "portal")
    assert {source.app for source in everything()} <= OURS
