"""What comes in at the same moment is done at once, and each caller gets its own result."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from postpurchase.lib.together import MOST, Together


class Work:
    """Doubles numbers; the first batch waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, items: list[int]) -> list[int]:
        self.batches.append(items)
        self.begun.set()
        assert self.go.wait(10)
        if -1 in items:
            raise ValueError("poison")
        return [2 * item for item in items]


def crowd(together: Together[int, int], work: Work, items: list[int]) -> list[int | None]:
    """One thread goes first; the others come while it is at work."""
    with ThreadPoolExecutor(len(items)) as pool:
        first = pool.submit(together.do, "shop", items[0], work)
        assert work.begun.wait(10)
        others = [pool.submit(together.do, "shop", item, work) for item in items[1:]]
        while len(together.waiting("shop")) < len(others):
            pass
        work.go.set()
        return [one.result(10) for one in (first, *others)]


def test_one_alone_is_done_at_once() -> None:
    work, together = Work(), Together[int, int]()
    work.go.set()

    assert together.do("shop", 21, work) == 42
    assert together.do("shop", 4, work) == 8
    assert work.batches == [[21], [4]]


def test_those_who_come_meanwhile_are_done_by_one_of_them() -> None:
    work, together = Work(), Together[int, int]()

    assert crowd(together, work, [1, 2, 3, 4]) == [2, 4, 6, 8]

    assert work.batches[0] == [1]
    assert sorted(work.batches[1]) == [2, 3, 4]
    assert len(work.batches) == 2


def test_a_batch_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postpurchase.lib.together.MOST", 2)
    work, together = Work(), Together[int, int]()

    assert crowd(together, work, [1, 2, 3, 4, 5, 6]) == [2, 4, 6, 8, 10, 12]

    assert [len(batch) for batch in work.batches] == [1, 2, 2, 1]
    assert MOST == 50


def test_what_fails_in_company_is_left_to_each_alone() -> None:
    work, together = Work(), Together[int, int]()

    assert crowd(together, work, [1, 2, -1, 4]) == [2, None, None, None]

    assert together.do("shop", 5, work) == 10


def test_what_fails_alone_raises_and_leaves_the_door_open() -> None:
    work, together = Work(), Together[int, int]()
    work.go.set()

    with pytest.raises(ValueError, match="poison"):
        together.do("shop", -1, work)

    assert together.do("shop", 5, work) == 10


def test_groups_do_not_wait_for_each_other() -> None:
    slow, quick, together = Work(), Work(), Together[int, int]()
    quick.go.set()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(together.do, "one", 1, slow)
        assert slow.begun.wait(10)

        assert together.do("other", 2, quick) == 4

        slow.go.set()
        assert waiting.result(10) == 2
