"""Counts the starts of a board that did not last, for safe mode; runs first after each.

After five starts in a row that did not last a minute, or with the button held, `main.py` starts
nothing: whatever is on the board can then be put right over USB. No order is touched.
"""

BAD_STARTS = 5

_FILE = "/bad_starts"


def bad_starts() -> int:
    """Count the starts in a row that did not last."""
    try:
        with open(_FILE) as stream:
            return int(stream.read() or "0")
    except (OSError, ValueError):
        return 0


def keep_bad_starts(count: int) -> None:
    """Keep the count; written only where it changes."""
    if count != bad_starts():
        with open(_FILE, "w") as stream:
            stream.write(str(count))


def count_start() -> None:
    """Count a start as bad, until it has lasted."""
    keep_bad_starts(min(bad_starts() + 1, BAD_STARTS + 1))
