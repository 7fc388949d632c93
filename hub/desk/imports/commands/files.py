"""`import KIND FILE`: tells what would become of each row, or takes them."""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.base.commands import CommandError, add_folder, example, group, opened
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.sheets import SheetError, decode_sheet
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import Action, ColumnsError, RowOutcome
from hub.desk.imports.reads import bad_rows, read_outcomes
from hub.desk.imports.store import KINDS
from hub.desk.people.commands.proving import add_by, prove_user

_ALL: Final = 10_000_000
_DONE: Final[dict[Action, str]] = {
    "add": "added",
    "change": "changed",
    "same": "as they were",
    "refuse": "refused",
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command of each kind."""
    inner = group(commands, "import", "take masters from a file of a spreadsheet")
    for name, kind in KINDS.items():
        needed = ", ".join(kind.spec.needed)
        parser = inner.add_parser(
            name,
            help=f"add and change {name} by a CSV file",
            description="Columns are found by their names or by --column; parted by commas,"
            " semicolons or tabs, in UTF-8 or UTF-16. A blank cell leaves a field as it is, (empty)"
            " empties it. Rows that are wrong are told with row and column and left out, the others"
            f" are taken. Needed: {needed}. Fields: {', '.join(kind.spec.fields)}.",
            epilog=example(f"import {name} {name}.csv --dry-run --bad-rows bad.csv --by asha"),
        )
        _describe(parser)
        parser.set_defaults(run=run_import, kind=name)


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
        "--whole", action="store_true", help="take nothing where a single row is refused"
    )
    parser.add_argument("--anyway", action="store_true", help="also where others look the same")
    add_by(parser)
    add_folder(parser)


def run_import(arguments: argparse.Namespace) -> int:
    """Check or take a file; exit status 1 where rows were refused."""
    try:
        body = decode_sheet(arguments.file.read_bytes())
        with opened(arguments) as ground:
            outcomes = _outcomes(ground, arguments, body)
    except OSError as error:
        raise CommandError(f"{arguments.file}: {error.strerror}") from error
    except SheetError as error:
        text = f"{arguments.file.name}:{error.fault.row}: {error.fault.text}"
        raise CommandError(text) from error
    except ColumnsError as error:
        lines = [f"{arguments.file.name}:1: {sentence(one)}" for one in error.reasons]
        raise CommandError("\n".join(lines)) from error
    for line in _told(arguments.file.name, outcomes):
        print(line)
    refused = {one.row for one in outcomes if one.action == "refuse"}
    if arguments.bad_rows and refused:
        text = bad_rows(body, refused)
        arguments.bad_rows.write_text(text, encoding="utf-8", newline="")
    return 1 if refused else 0


def _outcomes(ground: Ground, arguments: argparse.Namespace, body: str) -> Sequence[RowOutcome]:
    account, scope = prove_user(ground, arguments, "imports.run")
    acts = ground.part(ImportActs)
    columns = _columns(arguments.column)
    file: str = arguments.file.name
    if arguments.dry_run or arguments.whole:
        checked = acts.check(
            arguments.kind,
            body,
            file=file,
            columns=columns,
            anyway=arguments.anyway,
            by=account.name,
            scope=scope,
        )
        if arguments.dry_run:
            print("dry run: nothing is changed")
            return checked
        if any(one.action == "refuse" for one in checked):
            print("nothing is changed, as rows are refused")
            return checked
    run_id = acts.take(
        arguments.kind, body, file=file, columns=columns, anyway=arguments.anyway, by=account.name
    )
    acts.take.begin(run_id, by=account.name)
    while acts.take.go_on(run_id, scope=scope).state != "done":
        pass
    with ground.database.read() as connection:
        return read_outcomes(connection, run_id, refused=False, most=_ALL, scope=scope)


def _columns(written: Sequence[str]) -> Mapping[str, str] | None:
    """Read COLUMN=FIELD; None where nothing is said. Raises CommandError."""
    columns = {}
    for one in written:
        column, equals, field = one.rpartition("=")
        if not equals:
            raise CommandError(f"{one!r} is no COLUMN=FIELD, such as Mobile=phone")
        columns[column] = field
    return columns or None


def _told(file: str, outcomes: Sequence[RowOutcome]) -> Iterator[str]:
    """Tell each refused row with its column, and how many came to what."""
    for one in outcomes:
        for reason in one.reasons:
            where = f"{reason.field}: " if reason.field else ""
            yield f"{file}:{one.row}: {where}{sentence(reason)}"
        for alike in one.duplicates:
            yield f"{file}:{one.row}: it may be {alike.code} {alike.name} (same {alike.by})"
    counts = Counter(one.action for one in outcomes)
    yield ", ".join(f"{counts[action]} {words}" for action, words in _DONE.items())
    waiting = sum(bool(one.waiting) for one in outcomes)
    if waiting:
        yield f"rows that wait for a second person: {waiting}"
