"""`invoice papers` and `invoice letterhead`: documents as files, and what they say of a seller."""

import argparse
from pathlib import Path

from hub.base.commands import CommandError, add_folder, example, opened, write_file
from hub.base.papers import NamesApart
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.commands.reaching import add_chosen, chosen_documents, done
from hub.desk.invoices.model.billing import SERIES
from hub.desk.invoices.reads.letterheads import read_texts
from hub.desk.parties.reads.letterheads import LETTERHEAD
from hub.desk.parties.reads.sellers import list_sellers
from hub.desk.people.commands.proving import add_by, prove_user


def add(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    papers = inner.add_parser(
        "papers",
        help="write invoices and credit notes as PDF files into a folder",
        epilog=example("invoice papers ./out --from 2026-11-01 --language hi --by asha"),
    )
    papers.add_argument("into", type=Path, metavar="FOLDER", help="where to; made if need be")
    add_chosen(papers)
    papers.set_defaults(run=run_papers)
    letterhead = inner.add_parser(
        "letterhead",
        help="say what documents say of you; what is not named stays as it is",
        epilog=example("invoice letterhead gstin=29AAACD1234K1ZS state=29 --by asha"),
    )
    letterhead.add_argument(
        "texts", nargs="+", metavar="FIELD=TEXT", help="name, gstin, address, city, state, bank ..."
    )
    letterhead.add_argument("--seller", default="", metavar="CODE", help="the first where left out")
    letterhead.set_defaults(run=run_letterhead)
    for parser in (papers, letterhead):
        add_by(parser)
        add_folder(parser)


def run_papers(arguments: argparse.Namespace) -> int:
    """Write documents as files."""
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "invoices.read")
        found = chosen_documents(ground, arguments, scope=scope)
        give = ground.part(InvoiceActs).paper
        try:
            arguments.into.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{arguments.into}: {error.strerror}") from error
        apart = NamesApart()
        chosen = {"size": arguments.size, "language": arguments.language}
        for paper in give.each(found, **chosen, scope=scope):
            if paper is not None:
                write_file(arguments.into / apart.give(paper.name), [paper.content])
        print(f"{len(found)} files in {arguments.into}")
    return 0


def run_letterhead(arguments: argparse.Namespace) -> int:
    """Keep what documents say of a seller."""
    said = dict(one.partition("=")[::2] for one in arguments.texts)
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "invoices.letterhead")
        with ground.database.read() as connection:
            sellers = [code for code, _ in list_sellers(connection, scope=scope)]
            code = arguments.seller or next(iter(sellers), "")
            texts = read_texts(connection, code, scope=scope)
        unknown = said.keys() - set(LETTERHEAD) - {f"prefix_{kind}" for kind in SERIES}
        if unknown:
            raise CommandError(f"{min(unknown)} is none of {', '.join(LETTERHEAD)}")
        act = ground.part(InvoiceActs).set_letterhead
        done(act(code, {**texts, **said}, by=account.name, scope=scope) or said)
        print(f"letterhead of {code}: {', '.join(sorted(said))}")
    return 0
