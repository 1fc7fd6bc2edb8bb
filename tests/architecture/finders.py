"""What the house rules look for. Each finder yields the lines that break its rule."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import ROOT, Function, dotted, imports

OURS = {path.parent.name for path in ROOT.glob("*/__init__.py")}
CLOCKS = re.compile(
    r"(^|\.)(timezone\.now|datetime\.(now|utcnow|today)|date\.today"
    r"|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns))$"
)
CLOCKS_BY_DEFAULT = re.compile(r"(^|\.)(timezone\.(localtime|localdate)|time\.(localtime|gmtime|ctime))$")  # without an argument
CLOCK_NAMES = re.compile(r"^time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns)$|^django\.db\.models\.functions\.Now$")
SQL_CLOCK = re.compile(r"\b(now|clock_timestamp|statement_timestamp)\s*\(\)|\bcurrent_(timestamp|date|time)\b", re.IGNORECASE)
SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO|UPDATE\s+\S*\s*(SET|AS)?|DELETE\s+FROM|WITH\s+\w+\s|ALTER\s|CREATE\s|DROP\s|GRANT\s|TRUNCATE\s)"
)
SECRET = re.compile(r"(^|_)(token|secret|signature|digest|hmac)s?(_|$)")
MONEY = re.compile(r"(^|_)(money|amount|price|total|subtotal|tax|discount|refund|refunded|shipping_cost|cost|minor)s?(_|$)")
HTTP = ("httpx", "requests", "urllib.request", "urllib3", "aiohttp", "http.client")
HOOKS = {"ready", "handle", "add_arguments", "connection_made", "data_received", "connection_lost"}  # a framework calls them and says when
QUEUEING = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task", "si"}


def signals_used(tree: ast.Module) -> Iterator[int]:
    """Imports of a signal, @receiver, .connect() on a signal."""
    for name, line in imports(tree):
        is_type = name.split(".")[-1][0].isupper()  # anymail keeps its event types beside its signals
        if name.startswith("django.dispatch") or (".signals" in f".{name}" and not is_type):
            yield line
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "receiver":
            yield node.lineno
        if isinstance(node, ast.Call) and re.search(r"(^|\.)(pre|post|request|m2m|worker|task|user|got)_\w+\.connect$", dotted(node.func)):
            yield node.lineno


def queued_by_hand(tree: ast.Module) -> Iterator[int]:
    """Celery's own ways to start a task, called or passed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            passed_on = node.args if _own_name(node.func) in {"on_commit", "partial"} else []
            for used in [node.func, *passed_on]:
                if isinstance(used, ast.Attribute) and used.attr in QUEUEING:
                    yield used.lineno


def http_clients(tree: ast.Module) -> Iterator[int]:
    """Imports of anything that opens HTTP connections."""
    for name, line in imports(tree):
        if any(name == client or name.startswith(f"{client}.") for client in HTTP):
            yield line


def clock_reads(tree: ast.Module) -> Iterator[int]:
    """Python's clocks, Django's Now, and the clock of the database in SQL text."""
    for name, line in imports(tree):
        if CLOCK_NAMES.search(name):
            yield line
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and CLOCKS.search(dotted(node)):
            yield node.lineno
        if isinstance(node, ast.Call) and not node.args and CLOCKS_BY_DEFAULT.search(dotted(node.func)):
            yield node.lineno
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _tells_time(node.value):
            yield node.lineno


def _tells_time(text: str) -> bool:
    """SQL that reads the server's clock. For leases that is right: one clock for all workers."""
    return bool(SQL.match(text) and SQL_CLOCK.search(text)) and "lease_" not in text


def compared_secrets(tree: ast.Module) -> Iterator[int]:
    """== and != where a side is named like a secret; comparing with an empty constant is no secret."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            sides = [node.left, *node.comparators]
            empty = any(isinstance(side, ast.Constant) and not side.value for side in sides)
            if not empty and any(SECRET.search(_own_name(side)) for side in sides):
                yield node.lineno


def _own_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _own_name(node.func)
    if isinstance(node, ast.Subscript):
        return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) else _own_name(node.value)
    return dotted(node).split(".")[-1].lower() or (node.attr.lower() if isinstance(node, ast.Attribute) else "")


def every_tenants(tree: ast.Module) -> Iterator[int]:
    """Calls of every_tenant()."""
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _own_name(node.func) == "every_tenant")


def long_waits(tree: ast.Module) -> Iterator[int]:
    """eta=, and countdown= that is not a constant of at most 60 seconds."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _own_name(node.func) not in QUEUEING | {"retry", "enqueue", "s", "set", "signature"}:
            continue
        for word in node.keywords:
            short = isinstance(word.value, ast.Constant) and isinstance(word.value.value, int | float) and word.value.value <= 60
            if word.arg == "eta" or (word.arg == "countdown" and not short):
                yield node.lineno


def prints(tree: ast.Module) -> Iterator[int]:
    """Calls of print()."""
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and dotted(node.func) == "print")


def public_without_docstring(tree: ast.Module) -> Iterator[int]:
    """Public functions, classes and their public methods that say nothing. Functions inside functions are private."""
    return _silent(tree)


def _silent(node: ast.Module | ast.ClassDef) -> Iterator[int]:
    for child in node.body:
        if not isinstance(child, ast.ClassDef | Function) or child.name.startswith("_") or child.name in HOOKS | {"Meta"}:
            continue
        if not ast.get_docstring(child) and not _declares_only(child):
            yield child.lineno
        if isinstance(child, ast.ClassDef):
            yield from _silent(child)


def _declares_only(child: ast.AST) -> bool:
    """`def f() -> int: ...` in a Protocol or under @overload: what it declares is told elsewhere."""
    return isinstance(child, Function) and all(isinstance(line, ast.Expr) and ast.unparse(line) == "..." for line in child.body)


def untyped(tree: ast.Module) -> Iterator[int]:
    """Functions and methods with an argument or a return that has no annotation."""
    methods = {id(item) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for item in node.body if isinstance(item, Function)}
    for node in ast.walk(tree):
        if isinstance(node, Function) and (node.returns is None or _bare_arguments(node, id(node) in methods)):
            yield node.lineno


def _bare_arguments(node: Function, is_method: bool) -> list[str]:
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
    if is_method and not any(dotted(mark) == "staticmethod" for mark in node.decorator_list):
        every = every[1:]  # self
    return [arg.arg for arg in every if arg.annotation is None]


def float_money(tree: ast.Module) -> Iterator[int]:
    """float() of an amount, amounts annotated as float, and float or decimal columns for one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "float" and node.args and MONEY.search(_own_name(node.args[0])):
            yield node.lineno
        if isinstance(node, ast.AnnAssign) and "float" in ast.dump(node.annotation) and MONEY.search(_own_name(node.target)):
            yield node.lineno
        if isinstance(node, ast.arg) and node.annotation and "'float'" in ast.dump(node.annotation) and MONEY.search(node.arg):
            yield node.lineno
        if isinstance(node, ast.Assign) and _is_float_column(node.value) and any(MONEY.search(_own_name(name)) for name in node.targets):
            yield node.lineno


def _is_float_column(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _own_name(node.func) in {"floatfield", "decimalfield"}


def spliced_sql(tree: ast.Module) -> Iterator[int]:
    """SQL text put together from anything but upper-case constants."""
    return (node.lineno for node in ast.walk(tree) if _splices(node))


def _splices(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr) and node.values:
        return _starts_sql(node.values[0]) and not all(
            _constant(part.value) for part in node.values if isinstance(part, ast.FormattedValue)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return _starts_sql(node.left) and not _constant(node.right)
    if isinstance(node, ast.Call) and _own_name(node.func) == "rows_of":
        return not _constant(node.args[1]) or isinstance(node.args[1], ast.JoinedStr)
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format" and _starts_sql(node.func.value)
    )


def _starts_sql(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(SQL.match(node.value))


def _constant(node: ast.expr) -> bool:
    """Constants, upper-case names, and what a function makes of those alone."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return True
    if isinstance(node, ast.Call):
        return all(_constant(arg) for arg in (*node.args, *(word.value for word in node.keywords)))
    if isinstance(node, ast.Dict):
        return all(_constant(value) for value in node.values)
    return dotted(node).split(".")[-1].isupper()


def inner_imports(tree: ast.Module) -> Iterator[int]:
    """Imports of our own packages anywhere but at a module's top level."""
    top = {id(node) for node in tree.body} | {id(inner) for node in tree.body if isinstance(node, ast.If | ast.Try) for inner in node.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top:
            relative = isinstance(node, ast.ImportFrom) and node.level > 0
            if relative or any(name.split(".")[0] in OURS for name, _ in imports(node)):
                yield node.lineno
