"""manage.py edd_eval: figures of a file, and plain words for files that it cannot use."""

import random
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADS = "placed,came,promised,from,to"


def write(path: Path, rows: int = 1500, *, heads: str = HEADS, mark: str = "") -> Path:
    luck, lines = random.Random(7), [heads]
    for _ in range(rows):
        start, lane = date(2024, 1, 1) + timedelta(days=luck.randrange(400)), luck.choice(("01310", "20040", "69005"))
        end = start + timedelta(days=max(1, round(luck.gammavariate(4, {"0": 1, "2": 2, "6": 4}[lane[0]]))))
        came = "" if luck.random() < 0.01 else f"{end} {luck.randrange(9, 19):02}:30:00"
        lines.append(f"{start} 09:00:00,{came},{start + timedelta(days=12)},S{luck.randrange(3)},{lane}{mark}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(path: Path, **options: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("edd_eval", str(path), **{"start": "placed", "delivered": "came", **options}, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(str(end.code))
    return out.getvalue(), 0


def test_a_history_is_walked_forward_and_judged(tmp_path: Path) -> None:
    said, code = run(write(tmp_path / "a.csv"), promised="promised", lane="from,to")

    assert said.startswith("n 1")
    assert "best simple lane median (" in said
    assert "promised day: n " in said
    assert "2024 Q2  n " in said
    assert ("verdict: holds" in said) == (code == 0)
    assert "verdict: " in said


def test_promised_and_lane_may_be_missing(tmp_path: Path) -> None:
    said, _ = run(write(tmp_path / "a.csv"))

    assert "promised day" not in said
    assert "ratio of median absolute errors" in said


def test_rows_without_a_day_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv")
    path.write_text(path.read_text() + "\nsoon,2024-01-01,,S1,01310\n,2024-01-01,,S1,01310\n2024-01-01,Delivery lost,,S1,01310\n")

    said, _ = run(path, lane="from,to")

    assert "skipped 1 rows: placed is no ISO date, as in 'soon'" in said
    assert "skipped 1 rows: no day in placed" in said
    assert "skipped 1 rows: came is no ISO date, as in 'Delivery lost'" in said


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"", {}, "is empty"),
        (b"a,b\n1,2", {}, "has no column placed, came. It has: a, b"),
        (HEADS.encode(), {}, "0 parcels with a day in placed: at least 200 are needed"),
        (b"\xff\xfe\x00", {}, "is not text in UTF-8"),
        (HEADS.encode(), {"lane": "from,nowhere"}, "has no column nowhere"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(content: bytes, options: dict[str, str], told: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=told):
        run(path, **options)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "none.csv")


def test_a_short_history_is_no_trial(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("\n".join([HEADS, *["2024-01-05,2024-01-08,,a,b"] * 300]))

    with pytest.raises(CommandError, match="too short"):
        run(path)
