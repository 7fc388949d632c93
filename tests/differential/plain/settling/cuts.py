"""What a cut leaves: whole packs of a line, whole multiples of a product."""

from tests.differential.plain.desk import Desk, Gap
from tests.differential.plain.prices import multiple_of


def cuts_of(desk: Desk) -> list[Gap]:
    """Give what stock takes away from paid lines for good."""
    return [gap for gap in desk.gaps if gap.action == "cut" and not gap.free]


def left_after(desk: Desk) -> list[int]:
    """Say what a cut leaves of every line: whole packs, and of a product whole multiples.

    What is no whole multiple comes off the largest line, as what is raised goes to it.
    """
    missing = {gap.number: gap.missing for gap in cuts_of(desk)}
    left = {row.number: row.quantity - missing.get(row.number, 0) for row in desk.rows}
    for row in desk.rows:
        if row.number in missing:
            left[row.number] -= left[row.number] % row.pack
    for sku in {row.sku for row in desk.rows if row.number in missing}:
        rows = [row for row in desk.rows if row.sku == sku]
        step = multiple_of(desk, rows[0])
        for row in sorted(rows, key=lambda row: (row.ordered, row.number), reverse=True):
            while left[row.number] > 0 and sum(left[one.number] for one in rows) % step:
                left[row.number] -= row.pack
    return [left[row.number] for row in desk.rows]


def added_up(gaps: list[Gap]) -> tuple[Gap, ...]:
    """Put together what several passes found missing of one line."""
    found: dict[tuple[int, bool, str, int | None], int] = {}
    for gap in gaps:
        key = (gap.number, gap.free, gap.action, gap.wait_days)
        found[key] = found.get(key, 0) + gap.missing
    return tuple(
        Gap(number, free, missing, action, wait)
        for (number, free, action, wait), missing in sorted(found.items(), key=str)
    )
