"""`import KIND FILE`: tells what would become of each row, or takes them; `export KIND FILE`."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.sheets import COMMA, LARGEST, SheetError, decode_file, too_large, write_workbook
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import DATES, Action, ColumnsError, RowOutcome, write_rows
from hub.desk.imports.reads import EXPORTS, bad_rows, each_outcome, export_masters, read_run
from hub.desk.imports.store import KINDS, Reading
from hub.desk.people.commands.proving import add_by, prove_user, require

_ALL: Final = 10_000_000
_SHOWN: Final = 20
"""Refused rows whose faults are told on the screen."""
_TAKES: Final = {
    "customers": "add customers and change them, by a file",
    "products": "add products and change them, by a file",
    "openings": "take what customers owed at the start, from a file",
    "stock": "take opening stock by batch, from a file",
    "levels": "set reorder level and maximum of products in warehouses, by a file",
    "orders": "place the orders of a file",
    "targets": "set targets by a file",
    "workdays": "say which days are holidays or worked, by a file",
    "prices": "make a draft of the rule pack with the prices of a file",
}
"""What a file of each kind is taken for."""
_WRITES: Final = {
    "customers": "write all customers to a file",
    "products": "write all products to a file",
    "openings": "write what customers owed at the start to a file",
    "levels": "write reorder level and maximum of products in warehouses to a file",
    "prices": "write the prices of the lists in force to a file",
}
_DONE: Final[dict[Action, str]] = {
    "add": "added",
    "change": "changed",
    "same": "as they were",
    "refuse": "refused",
    "leave": "left out",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command of each kind."""
    inner = group(commands, "import", "take masters from a file of a spreadsheet")
    for name, kind in KINDS.items():
        needed = ", ".join(kind.spec.needed)
        parser = inner.add_parser(
            name,
            help=_TAKES[name],
            description="The file is a workbook (.xlsx) or CSV: columns are found by their"
            " names or by --column, and parted by commas,"
            " semicolons or tabs, in UTF-8 or UTF-16. A blank cell leaves a field as it is, (empty)"
            " empties it. Rows that are wrong are told with row and column and left out, the others"
            f" are taken; {_SHOWN} are told here, all of them in the file of --faults. Needed:"
            f" {needed}. Fields: {', '.join(kind.spec.fields)}.",
            epilog=example(
                f"import {name} {name}.csv --dry-run --bad-rows bad.csv --faults why.txt --by asha"
            ),
        )
        _describe(parser)
        parser.set_defaults(run=run_import, kind=name)

    _describe_export(commands)


def _describe_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    inner = group(commands, "export", "write masters in the form that import reads")
    for name in EXPORTS:
        parser = inner.add_parser(
            name,
            help=_WRITES[name],
            epilog=example(f"export {name} {name}.xlsx --by asha"),
        )
        parser.add_argument("file", metavar="FILE", type=Path, help="ends in .xlsx or .csv")
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run_export, kind=name)


def _describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="with a header")
    parser.add_argument("--dry-run", action="store_true", help="tell it all, change nothing")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="which field a column is; COLUMN= leaves it out; remembered for the same header",
    )
    parser.add_argument("--bad-rows", metavar="OUT", type=Path, help="write the refused rows there")
    parser.add_argument(
        "--faults", metavar="OUT", type=Path, help="write why of every refused row there"
    )
    parser.add_argument(
        "--whole", action="store_true", help="take nothing where a single row is refused"
    )
    parser.add_argument(
        "--rows", type=_lines, metavar="LINES", help="take these alone, by line: 2,5-9"
    )
    parser.add_argument(
        "--dates",
        choices=DATES,
        default=DATES[0],
        help="the order of the file's dates, as 03/04/2026; a workbook has its own",
    )
    parser.add_argument(
        "--anyway", action="store_true", help="also what looks like others, or expired"
    )
    add_by(parser)
    add_folder(parser)


def run_import(arguments: argparse.Namespace) -> int:
    """Check or take a file; exit status 1 where rows were refused."""
    try:
        for told in (arguments.faults, arguments.bad_rows):
            _try_to_write(told)
        with opened(arguments) as ground:
            outcomes = _outcomes(ground, arguments)
            refused = _tell(arguments.file.name, outcomes, faults=arguments.faults)
    except OSError as error:
        raise CommandError(f"{error.filename or arguments.file}: {error.strerror}") from error
    except SheetError as error:
        text = f"{arguments.file.name}:{error.fault.row}: {error.fault.text}"
        raise CommandError(text) from error
    except ColumnsError as error:
        lines = [f"{arguments.file.name}:1: {sentence(one)}" for one in error.reasons]
        raise CommandError("\n".join(lines)) from error
    if arguments.bad_rows and refused:
        text = bad_rows(_read(arguments.file), refused)
        arguments.bad_rows.write_text(text, encoding="utf-8", newline="")
    return 1 if refused else 0


def _try_to_write(file: Path | None) -> None:
    """Raise OSError of a file that cannot be written, before a row is taken; no file is left."""
    if file is None:
        return
    was_there = file.exists()
    file.open("a", encoding="utf-8").close()
    if not was_there:
        file.unlink()


def _read(file: Path) -> str:
    """Read a file as text; raises SheetError, OSError."""
    size = file.stat().st_size
    if size > LARGEST:
        raise too_large(size)
    return decode_file(file.read_bytes())


def run_export(arguments: argparse.Namespace) -> int:
    """Write all masters of a kind."""
    file: Path = arguments.file
    if file.suffix not in {".csv", ".xlsx"}:
        raise CommandError(f"{file.name} ends neither in .csv nor in .xlsx")
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "imports.run")
        with ground.database.read() as connection:
            now_ms = ground.clock.now_ms()
            rows = list(export_masters(connection, arguments.kind, scope=scope, now_ms=now_ms))
    try:
        if file.suffix == ".xlsx":
            file.write_bytes(write_workbook(arguments.kind, rows))
        else:
            text = write_rows(rows[0], rows[1:], COMMA)
            file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    print(f"{file}: {len(rows) - 1}")
    return 0


def _outcomes(ground: Ground, arguments: argparse.Namespace) -> Iterator[RowOutcome]:
    """Check or take a file, and give what becomes of its rows one by one."""
    body = _read(arguments.file)
    account, scope = prove_user(ground, arguments, "imports.run")
    also = KINDS[arguments.kind].spec.permission
    if also:
        require(ground, account, also, scope=scope)
    acts = ground.part(ImportActs)
    columns = _columns(arguments.column)
    reading = Reading(arguments.anyway, arguments.dates)
    file: str = arguments.file.name
    checked = partial(
        acts.check.each,
        arguments.kind,
        body,
        file=file,
        columns=columns,
        reading=reading,
        by=account.name,
        scope=scope,
    )
    if arguments.dry_run:
        print("dry run: nothing is changed")
        yield from checked()
        return
    if arguments.whole and any(one.action == "refuse" for one in checked()):
        print("nothing is changed, as rows are refused")
        yield from checked()
        return
    run_id = acts.take(
        arguments.kind, body, file=file, columns=columns, reading=reading, by=account.name
    )
    del body, checked  # it is kept: a million rows need not be in memory twice
    acts.take.begin(run_id, by=account.name, chosen=arguments.rows)
    while (run := acts.take.go_on(run_id, by=account.name)).state == "running":
        if run.is_taken:
            acts.draft(run_id, by=account.name)
            break
    with ground.database.read() as connection:
        yield from each_outcome(connection, run_id, scope=scope, user=account.name)
        done = read_run(connection, run_id, scope=scope, user=account.name)
    if done is not None and done.faults:
        told = "\n".join(done.faults)
        raise CommandError(f"{told}\nno draft was made of these prices")
    if done is not None and done.version is not None:
        print(f"version {done.version} of the rule pack is a draft with these prices")


def _lines(written: str) -> frozenset[int]:
    """Read lines of a file: `2,5-9`."""
    lines: set[int] = set()
    for one in written.split(","):
        first, _, last = one.partition("-")
        if not first.strip().isdecimal() or not (last or first).strip().isdecimal():
            raise argparse.ArgumentTypeError(f"{one!r} is no line, such as 2 or 5-9")
        lines.update(range(int(first), min(int(last or first), _ALL) + 1))
    return frozenset(lines)


def _columns(written: Sequence[str]) -> Mapping[str, str] | None:
    """Read COLUMN=FIELD; None where nothing is said. Raises CommandError."""
    columns = {}
    for one in written:
        column, equals, field = one.rpartition("=")
        if not equals:
            raise CommandError(f"{one!r} is no COLUMN=FIELD, such as Mobile=phone")
        columns[column] = field
    return columns or None


def _tell(file: str, outcomes: Iterable[RowOutcome], *, faults: Path | None) -> set[int]:
    """Tell how many rows came to what, and of the first refused ones why; gives all refused rows.

    A file of the wrong form has a fault in each of a million rows: nobody reads them on a screen.
    All of them go into the file of `faults`, which begins with the first one.
    """
    refused, counts, waiting, told = set(), Counter[Action](), 0, 0
    with ExitStack() as opened_files:
        kept: TextIO | None = None
        for one in outcomes:
            lines = "".join(f"{line}\n" for line in _faults_of(file, one))
            if lines and faults is not None:
                kept = kept or opened_files.enter_context(faults.open("w", encoding="utf-8"))
                kept.write(lines)
            told += bool(lines)
            if told <= _SHOWN:
                print(lines, end="")
            counts[one.action] += 1
            waiting += bool(one.waiting)
            if one.action == "refuse":
                refused.add(one.row)
    shown = [one for one in _DONE if one != "leave" or counts[one]]
    print(", ".join(f"{counts[action]} {_DONE[action]}" for action in shown))
    if waiting:
        print(f"rows that wait for a second person: {waiting}")
    if told > _SHOWN:
        where = f"see {faults}" if faults is not None else "--faults FILE keeps all of them"
        print(f"rows with faults that are not told here: {told - _SHOWN}; {where}")
    return refused


def _faults_of(file: str, one: RowOutcome) -> Iterator[str]:
    """Say what is wrong with a row, a line for each cell, and what it may be already."""
    for reason in one.reasons:
        where = f"{reason.field}: " if reason.field else ""
        yield f"{file}:{one.row}: {where}{sentence(reason)}"
    for alike in one.duplicates:
        yield f"{file}:{one.row}: it may be {alike.code} {alike.name} (same {alike.by})"
