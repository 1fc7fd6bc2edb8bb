"""Short files and short functions. An exception is reviewed, has its reason, and ends when the file shrinks."""

from collections.abc import Sequence

from tests.architecture.source import Source, code

FILE_P90, FILE_MOST = 200, 300
FUNCTION_P90, FUNCTION_MOST = 22, 45
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def lengths_of_files(sources: Sequence[Source]) -> dict[str, int]:
    """Path -> lines; empty __init__ files would flatter the percentiles."""
    return {source.path: source.text.count("\n") for source in sources if source.text.strip()}


def lengths_of_functions(sources: Sequence[Source]) -> dict[str, int]:
    """path:function -> lines from def to end, docstring included."""
    found = {}
    for source in sources:
        for node in source.functions():
            found[f"{source.path}:{node.name}:{node.lineno}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    return found


def too_long(lengths: dict[str, int], most: int, reviewed: dict[str, str]) -> dict[str, int]:
    return {name: lines for name, lines in lengths.items() if lines > most and not any(name.startswith(entry) for entry in reviewed)}


def p90(lengths: dict[str, int]) -> int:
    """The nearest-rank 90th percentile."""
    ranked = sorted(lengths.values())
    return ranked[-(-len(ranked) * 9 // 10) - 1]


def test_files_are_short() -> None:
    files = lengths_of_files(code())

    print(f"{len(files)} files: p90 {p90(files)}, longest {max(files.values())} lines")
    assert too_long(files, FILE_MOST, LONG_FILES) == {}
    assert p90(files) <= FILE_P90


def test_functions_are_short() -> None:
    functions = lengths_of_functions(code())

    print(f"{len(functions)} functions: p90 {p90(functions)}, longest {max(functions.values())} lines")
    assert too_long(functions, FUNCTION_MOST, LONG_FUNCTIONS) == {}
    assert p90(functions) <= FUNCTION_P90


def test_a_reviewed_exception_that_is_no_longer_needed_goes() -> None:
    files, functions = lengths_of_files(code()), lengths_of_functions(code())

    assert [path for path in LONG_FILES if files.get(path, 0) <= FILE_MOST] == []
    assert [name for name in LONG_FUNCTIONS if not any(key.startswith(name) and n > FUNCTION_MOST for key, n in functions.items())] == []


def test_lengths_are_counted_as_an_editor_shows_them() -> None:
    sample = Source("a.py", "def f() -> int:\n    '''Doc.'''\n    return (\n        1\n    )\n")

    assert lengths_of_files([sample]) == {"a.py": 5}
    assert lengths_of_functions([sample]) == {"a.py:f:1": 5}
    assert too_long({"a.py:f:1": 46, "b.py:g:1": 46}, 45, {"b.py:g": "a table"}) == {"a.py:f:1": 46}
    assert p90({str(n): n for n in range(1, 11)}) == 9
