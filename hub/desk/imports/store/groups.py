"""Neighbouring rows of a file that are one record, such as the lines of an order."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from hub.base.fields import Reason
from hub.base.sheets import SheetRow
from hub.desk.imports.model import RowOutcome
from hub.desk.imports.store.kinds import Row, refuse_row
from hub.desk.imports.store.runs import FileRead

KeyOf = Callable[[SheetRow], str]


def end_of_group(file: FileRead, end: int, key_of: KeyOf) -> int:
    """Move an end between two rows on, until it parts no two rows of one record.

    A row that is broken may be of the record before it and of the one behind it.
    """
    while 0 < end < len(file.rows):
        before, behind = file.rows[end - 1], file.rows[end]
        whole = isinstance(before, SheetRow) and isinstance(behind, SheetRow)
        if whole and key_of(before) != key_of(behind):  # type: ignore[arg-type]  # both are rows
            break
        end += 1
    return end


def apart(file: FileRead, key_of: KeyOf) -> frozenset[str]:
    """Give the keys whose rows do not stand together: what lies between may be of them or not."""
    ended: set[str] = set()
    scattered: set[str] = set()
    last: str | None = None
    for one in file.rows:
        if not isinstance(one, SheetRow):
            continue
        key = key_of(one)
        if key != last:
            if key in ended:
                scattered.add(key)
            ended.add(key)
        last = key
    return frozenset(scattered)


def refuse_halves(
    rows: Sequence[SheetRow | RowOutcome], wanted: Sequence[Row], done: Mapping[int, RowOutcome]
) -> dict[int, RowOutcome]:
    """Refuse the rows of a record of which another row is refused, broken or left out.

    `rows` are all rows that are looked at, and one before and behind them; `done` is what is known
    of those that are not `wanted`.
    """
    keys = {row.number: row.key for row in wanted}
    spoilt: dict[str, RowOutcome] = {}
    for one in done.values():
        if one.key:
            spoilt.setdefault(one.key, one)
    for before, behind in pairwise(rows):
        for broken, whole in ((before, behind), (behind, before)):
            if isinstance(broken, RowOutcome) and isinstance(whole, SheetRow):
                key = keys.get(whole.number)
                if key is not None:
                    spoilt.setdefault(key, broken)
    return {row.number: _with_other(row, spoilt[row.key]) for row in wanted if row.key in spoilt}


def _with_other(row: Row, other: RowOutcome) -> RowOutcome:
    if other.action == "leave":
        return RowOutcome(row.number, row.key[:200], "leave")
    return refuse_row(row, Reason("row_beside", {"row": other.row}))
