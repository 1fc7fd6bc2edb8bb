import ast
from pathlib import Path

import pytest

from postpurchase.embedded import bootstrap, environment

ROOT = Path(bootstrap.ROOT)


def fake_python(folder: Path, name: str, exit_code: int) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    "name", ["manage.py", "postpurchase/__init__.py", "postpurchase/embedded/__init__.py", "postpurchase/embedded/bootstrap.py"]
)
def test_what_runs_first_parses_on_python_3_6(name: str) -> None:
    source = (ROOT / name).read_text()

    ast.parse(source, feature_version=(3, 6))


def test_the_first_step_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "postpurchase/embedded/bootstrap.py").read_text())

    at_the_top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    at_the_top |= {str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom)}

    assert at_the_top == {"ast", "os", "pathlib", "subprocess", "sys"}


def test_the_newest_python_on_the_path_is_chosen(tmp_path: Path) -> None:
    fake_python(tmp_path / "a", "python3.11", 0)
    fake_python(tmp_path / "b", "python3.13", 0)

    assert bootstrap.newest_python(f"{tmp_path}/a:{tmp_path}/b") == f"{tmp_path}/b/python3.13"


def test_a_shim_that_does_not_start_is_passed_over_for_the_real_one_further_on(tmp_path: Path) -> None:
    fake_python(tmp_path / "shims", "python3.13", 127)
    fake_python(tmp_path / "usr", "python3.13", 0)

    assert bootstrap.newest_python(f"{tmp_path}/shims:{tmp_path}/usr") == f"{tmp_path}/usr/python3.13"


def test_without_a_newer_python_there_is_none_to_hand_over_to(tmp_path: Path) -> None:
    fake_python(tmp_path / "a", "python3.10", 0)

    assert bootstrap.newest_python(str(tmp_path / "a")) == ""


def test_the_list_of_commands_begins_with_demo_test_and_lint() -> None:
    lines = bootstrap.commands_text().splitlines()

    assert [line.split()[0] for line in lines[4:7]] == ["demo", "test", "lint"]
    assert lines[4] == "  demo       Start everything on this machine and print addresses and log-ins. Ctrl-C ends it."


@pytest.mark.parametrize(
    ("argv", "lock"),
    [
        (["manage.py"], "demo.lock"),
        (["manage.py", "demo", "--port", "9000"], "demo.lock"),
        (["manage.py", "migrate"], "demo.lock"),
        (["manage.py", "test", "-k", "x"], "test.lock"),
        (["manage.py", "lint"], "test.lock"),
        (["manage.py", "bench"], "test.lock"),
    ],
)
def test_each_command_names_its_lock(argv: list[str], lock: str) -> None:
    assert environment.lock_for(argv).name == lock


def test_the_test_lock_holds_everything_of_the_demo_lock() -> None:
    demo, test = (environment.pins(environment.LOCKS / name) for name in ("demo.lock", "test.lock"))

    assert demo.items() <= test.items()


def test_pins_leave_out_what_holds_on_some_platforms_only(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text(
        "django==5.2.19 \\\n    --hash=sha256:00\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:11\nidna==3.11\n"
    )

    assert environment.pins(lock) == {"django": "5.2.19", "idna": "3.11"}


def test_an_interpreter_stands_only_with_every_pin_in_its_version() -> None:
    django = environment.pins(environment.LOCKS / "test.lock")["django"]

    assert environment.has_pins({"django": django})
    assert not environment.has_pins({"django": "1.0"})
    assert not environment.has_pins({"django": django, "no-such-package": "1"})


def test_the_stamp_holds_until_the_lock_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, stamp = tmp_path / "demo.lock", tmp_path / "stamp"
    monkeypatch.setattr(environment, "STAMP", stamp)
    lock.write_text("django==5.2.19\n")

    assert not environment.stamped(lock)
    stamp.write_text(environment.digest(lock) + "\n")
    assert environment.stamped(lock)
    lock.write_text("django==5.2.20\n")
    assert not environment.stamped(lock)


def test_an_environment_that_moved_or_is_too_old_is_made_anew(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()

    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    assert environment.usable(tmp_path)
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.9.2\n")
    assert not environment.usable(tmp_path)
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert not environment.usable(tmp_path)
