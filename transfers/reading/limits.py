"""What a file may hold, and what is said when it holds more."""

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 500_000
MOST_COLUMNS = 300
MOST_CELL = 32_767  # characters, as in Excel
MOST_RECORD = 1_000_000  # characters of a CSV record, line breaks in quotes included

Row = list[str]


class Unreadable(ValueError):
    """The file cannot be read. The message is for the person who sent it, and says what to do."""


def too_many_columns(row: int) -> Unreadable:
    """Of a row."""
    return Unreadable(f"Row {row} has more than {MOST_COLUMNS} columns. Keep those you need, or choose the right delimiter.")


def too_many_rows() -> Unreadable:
    """Of a file."""
    return Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it in several and import one after the other.")
