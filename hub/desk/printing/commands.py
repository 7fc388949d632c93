"""`print-run ask`, `list` and `save`: files of many invoices, drawn by the hub that runs."""

import argparse
from pathlib import Path
from typing import cast

from hub.base.commands import (
    CommandError,
    NotDoneError,
    add_folder,
    example,
    group,
    opened,
    write_file,
)
from hub.base.fields import Refused
from hub.base.papers import Size, pack_papers
from hub.desk.invoices.commands.reaching import add_chosen, chosen_documents
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.printing.acts import PrintingActs
from hub.desk.printing.model import Owner, PrintRun, Wish
from hub.desk.printing.reads import list_runs

_READ = "invoices.read"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "print-run", "have the hub draw the files of many invoices, as one")
    ask = inner.add_parser(
        "ask",
        help="ask for files; the hub that runs draws them, and a notice tells when they are ready",
        epilog=example("print-run ask --from 2026-11-01 --to 2026-11-30 --by asha"),
    )
    add_chosen(ask)
    ask.set_defaults(run=run_ask)
    listed = inner.add_parser(
        "list",
        help="tell how far your runs of the last week are",
        epilog=example("print-run list --by asha"),
    )
    listed.set_defaults(run=run_list)
    save = inner.add_parser(
        "save",
        help="write the files of a run that is ready as one ZIP",
        epilog=example("print-run save 3 ./november.zip --by asha"),
    )
    save.add_argument("number", type=int, metavar="RUN", help="its number, as `list` tells it")
    save.add_argument("into", type=Path, metavar="FILE", help="where to")
    save.set_defaults(run=run_save)
    for parser in (ask, listed, save):
        add_by(parser)
        add_folder(parser)


def run_ask(arguments: argparse.Namespace) -> int:
    """Ask for the files of documents."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, _READ)
        found = chosen_documents(ground, arguments, scope=scope)
        size = cast("Size", arguments.size)
        wish = Wish(tuple(found), size, arguments.language, otherwise="en")
        ask = ground.part(PrintingActs).ask
        done = ask(wish, owner=Owner(account.name, account.id), scope=scope)
        if isinstance(done, Refused):
            raise NotDoneError(done)
        print(f"run {done}: {len(found)} documents are drawn by the hub that runs")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Tell how far runs are."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, _READ)
        with ground.database.read() as connection:
            runs = list_runs(connection, owner=Owner(account.name, account.id), scope=scope)
    for one in runs:
        print(_line(one))
    return 0


def run_save(arguments: argparse.Namespace) -> int:
    """Write the files of a run."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, _READ)
        papers = ground.part(PrintingActs).give(
            arguments.number, owner=Owner(account.name, account.id), scope=scope
        )
        if papers is None:
            raise CommandError(f"run {arguments.number} is not yours, or not ready")
        write_file(arguments.into, pack_papers(papers))
    print(f"run {arguments.number} in {arguments.into}")
    return 0


def _line(one: PrintRun) -> str:
    return f"run {one.id}: {one.state}, {one.drawn} of {one.documents} documents"
