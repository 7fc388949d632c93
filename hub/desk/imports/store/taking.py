"""Rows of a file taken into the masters, so many at once, inside a given transaction."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import pairwise
from typing import Final

from hub.base.access import Scope
from hub.base.fields import Reason
from hub.base.jobs import Job
from hub.base.sheets import SheetRow
from hub.base.transaction import Transaction
from hub.desk.imports.model import Mark, RowOutcome, texts_of, write_day
from hub.desk.imports.store.groups import apart, end_of_group, refuse_halves
from hub.desk.imports.store.kinds import Deciding, Row, Taking, Tried, refuse_row
from hub.desk.imports.store.registry import KINDS
from hub.desk.imports.store.runs import (
    DRAFT,
    FileRead,
    Run,
    file_of,
    find_run,
    line_of,
    move_run,
    write_outcomes,
)
from hub.desk.parties.model.cells import clean
from hub.desk.parties.reads import scope_of
from hub.desk.people.store.rows import user_named

_CHANGED: Final = """
SELECT 1 FROM import_outcome WHERE run_id = ? AND action IN ('add', 'change') LIMIT 1
"""
_PARTS: Final = 64
Lines = Mapping[tuple[str, str], int]
"""The line on which a mark of a kind, by its field, stands first; of marks that stand twice."""


def scope_of_user(t: Transaction, name: str) -> Scope:
    """Give the rows that a user sees; none for who is no user, or none any more."""
    account = user_named(t, name)
    if account is None or not account.active:
        return Scope()
    return scope_of(t, account.id, account.roles)


def taking_of(run: Run, scope: Scope, deciding: Deciding, *, tried: Tried | None = None) -> Taking:
    """Say how rows of a run are taken, or tried."""
    return Taking(run.file, run.reading.anyway, scope, tried or Tried(), run.by, deciding)


def take_next(t: Transaction, run: Run, *, deciding: Deciding) -> Run:
    """Take the next rows of a run, keep what became of each, and want the rest done.

    It is done by who handed the file over: that person's rows, and never the second person's word.
    """
    t.act_for(run.by)
    taking = taking_of(run, scope_of_user(t, run.by), deciding)
    kind = KINDS[run.kind]
    outcomes = take_rows(t, run, start=run.next_row, most=kind.at_once, taking=taking)
    write_outcomes(t, run, outcomes)
    end = run.next_row + len(outcomes)
    if end < len(run.read().rows):
        return move_run(t, run, "running", next_row=end)
    if t.rows(_CHANGED, (run.id,)):
        if kind.drafts:
            return move_run(t, run, "running", next_row=end, job=DRAFT)
        kind.finish(t)
    return move_run(t, run, "done", next_row=end)


def take_job(t: Transaction, job: Job, *, deciding: Deciding) -> None:
    """Take the next rows of a run, unless somebody has taken these already."""
    run = find_run(t, job.payload["run"])
    if run is not None and run.state == "running" and run.next_row == job.payload["next"]:
        take_next(t, run, deciding=deciding)


def take_rows(
    t: Transaction, run: Run, *, start: int, most: int, taking: Taking
) -> list[RowOutcome]:
    """Take rows into the masters, each whole or not at all.

    In a transaction that only reads they are tried: what became of them is told as if they were.
    """
    kind, file = KINDS[run.kind], run.read()
    first = _first_lines(file, run.kind, tuple(run.columns.items()))
    grouped = kind.spec.grouped
    key_of = partial(_key_of, run=run, file=file)
    end = end_of_group(file, start + most, key_of) if grouped else start + most
    scattered = apart(file, key_of) if grouped else frozenset()
    outcomes: dict[int, RowOutcome] = {}
    wanted: list[Row] = []
    lines: list[int] = []
    for one in file.rows[start:end]:
        lines.append(line_of(one))
        if isinstance(one, RowOutcome):
            outcomes[one.row] = one
            continue
        if run.chosen is not None and one.number not in run.chosen:
            left = key_of(one)[:200] if grouped else ""
            outcomes[one.number] = RowOutcome(one.number, left, "leave")
            continue
        texts = texts_by_field(file.sheet.by_column(one), run)
        row = Row(one.number, key_of(one), texts, sure=one.number in run.sure)
        twice = _twice(row, kind.marks(texts), first)
        if row.key in scattered:
            twice = [Reason("rows_apart", {"key": row.key}, kind.spec.key[0])]
        if twice:
            outcomes[row.number] = refuse_row(row, *twice)
        else:
            wanted.append(row)
    if grouped:
        halves = refuse_halves(file.rows[max(0, start - 1) : end + 1], wanted, outcomes)
        outcomes.update(halves)
        wanted = [row for row in wanted if row.number not in halves]
    outcomes.update((one.row, one) for one in kind.take(t, wanted, taking=taking))
    return [outcomes[line] for line in lines]


def _key_of(row: SheetRow, *, run: Run, file: FileRead) -> str:
    texts = texts_by_field(file.sheet.by_column(row), run)
    spec = KINDS[run.kind].spec
    parts = [texts.get(name, "") for name in spec.key]
    return " ".join(map(clean, parts) if spec.grouped else parts)


def texts_by_field(cells: Mapping[str, str], run: Run) -> dict[str, str]:
    """Give a row's texts by the fields of its kind, its dates as year-month-day."""
    texts = texts_of(cells, run.columns)
    for name in KINDS[run.kind].spec.days:
        if name in texts:
            texts[name] = write_day(texts[name], run.reading.dates)
    return texts


@lru_cache(maxsize=4)
def _first_lines(file: FileRead, kind: str, columns: tuple[tuple[str, str], ...]) -> Lines:
    """Give the line on which each mark of the kind stands first, of those that stand twice.

    Marks are told apart by a number of each at first: a million marks would be too much to keep.
    """
    by_field = dict(columns)

    def each() -> Iterator[tuple[tuple[str, str], int]]:
        for row in file.sheet.rows:
            for mark in KINDS[kind].marks(texts_of(file.sheet.by_column(row), by_field)):
                yield (mark.field, mark.look), row.number

    parts = [array("q") for _ in range(_PARTS)]
    for mark, _ in each():
        number = hash(mark)
        parts[number % _PARTS].append(number)
    twice = {one for part in parts for one, behind in pairwise(sorted(part)) if one == behind}
    first: dict[tuple[str, str], int] = {}
    if twice:
        for mark, line in each():
            if hash(mark) in twice:
                first.setdefault(mark, line)
    return first


def forget_files() -> None:
    """Let go of the files that rows were taken from, where what comes now takes much room."""
    _first_lines.cache_clear()
    file_of.cache_clear()


def _twice(row: Row, marks: Iterable[Mark], first: Lines) -> list[Reason]:
    """Tell which marks of a row stand in an earlier one."""
    return [
        Reason("row_twice", {"key": mark.text, "row": earlier}, mark.field)
        for mark in marks
        if mark.look and (earlier := first.get((mark.field, mark.look), row.number)) != row.number
    ]
