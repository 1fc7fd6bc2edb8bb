"""The project's own Python files, parsed once: what the tests about code look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"requirements", "static", "staticfiles", "templates", "locale", "docs", "node_modules", "build", "dist"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file of ours. `path` is relative to the root, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def app(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def package(self) -> str:
        """The folder it lies in, dotted: what relative imports start from, and what cycles are counted between."""
        return ".".join(self.path.split("/")[:-1])

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


@lru_cache(maxsize=1)
def everything() -> list[Source]:
    """Every Python file of the project, tests and migrations too."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if not parts[0].startswith(".") and parts[0] not in NOT_OURS and "__pycache__" not in parts:
            found.append(Source("/".join(parts), path.read_text(encoding="utf-8")))
    return found


def code() -> list[Source]:
    """Ours without tests and migrations."""
    return [source for source in everything() if source.app != "tests" and "/migrations/" not in source.path]


def migrations() -> list[Source]:
    return [source for source in everything() if "/migrations/" in source.path]


def imports(tree: ast.AST, package: str = "") -> Iterator[tuple[str, int]]:
    """(dotted name, line) of everything imported anywhere in a tree: in functions and under TYPE_CHECKING too.

    `from a import b` gives a.b, because b may be a module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*up, *([base] if base else [])])
            yield from ((f"{base}.{name.name}", node.lineno) for name in node.names)


def dotted(node: ast.AST) -> str:
    """a.b.c for a chain of names, '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""
