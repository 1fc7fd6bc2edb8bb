from pathlib import Path
from subprocess import Popen

from postpurchase.embedded.progress import Failure
from postpurchase.embedded.supervise import Program, Supervisor, ended_how


class Fake:
    """A part that lives and dies as told."""

    name, log, process = "web", Path("web.log"), None

    def __init__(self) -> None:
        self.lives, self.starts, self.failure = True, 0, ""

    def start(self) -> None:
        self.starts += 1
        if self.failure:
            raise Failure(self.failure, "look at the port.")
        self.lives = True

    def alive(self) -> bool:
        return self.lives


class Watch:
    """A stopwatch moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_part_that_dies_is_started_again_after_a_pause_and_said_so() -> None:
    part, watch, told = Fake(), Watch(), list[str]()
    supervisor = Supervisor([part], told.append, watch)

    part.lives = False
    supervisor.look_after(part)
    supervisor.look_after(part)
    assert part.starts == 0
    watch.now += 0.5
    supervisor.look_after(part)

    assert part.starts == 1
    assert told == ["web ended (exit code None); it starts again in 0.5 s. Its log: web.log", "web runs again."]


def test_the_pause_doubles_up_to_half_a_minute_and_starts_small_after_a_stable_minute() -> None:
    part, watch = Fake(), Watch()
    supervisor = Supervisor([part], lambda text: None, watch)
    pauses = []

    for _ in range(8):
        part.lives = False
        supervisor.look_after(part)
        pauses.append(supervisor.health["web"].due - watch.now)  # type: ignore[operator]
        watch.now += pauses[-1]
        supervisor.look_after(part)
    watch.now += 61
    part.lives = False
    supervisor.look_after(part)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert supervisor.health["web"].due == watch.now + 0.5


def test_a_restart_that_fails_is_told_and_tried_again() -> None:
    part, watch, told = Fake(), Watch(), list[str]()
    supervisor = Supervisor([part], told.append, watch)
    part.lives, part.failure = False, "The port is taken."

    supervisor.look_after(part)
    watch.now += 0.5
    supervisor.look_after(part)
    part.failure = ""
    supervisor.look_after(part)
    watch.now += 1
    supervisor.look_after(part)

    assert part.starts == 2
    assert told[1] == "The port is taken.\nWhat to do: look at the port."
    assert told[-1] == "web runs again."


def test_the_end_of_a_part_is_told_in_words(tmp_path: Path) -> None:
    part = Program("x", ["x"], tmp_path / "x.log", {}, tmp_path)

    part.process = Popen(["sh", "-c", "kill -9 $$"])
    part.process.wait()
    assert ended_how(part) == "killed by SIGKILL"
    part.process = Popen(["sh", "-c", "exit 3"])
    part.process.wait()
    assert ended_how(part) == "exit code 3"
