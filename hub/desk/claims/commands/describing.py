"""What the commands of claims are called, and what each takes."""

import argparse
from datetime import date
from pathlib import Path

from hub.base.commands import add_folder, example, group
from hub.base.papers import SIZES
from hub.desk.claims.commands import steps
from hub.desk.claims.model import VALUES
from hub.desk.people.commands.proving import add_by
from rules import LANGUAGES


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "claim", "ask whoever pays for schemes for what these gave")
    _add_reading(inner)
    _add_files(inner)
    make = inner.add_parser(
        "make",
        help="make a draft of all that a funder was not asked for yet, up to a day",
        epilog=example("claim make CUP-WORKS --until 2026-11-30 --by lata"),
    )
    make.add_argument("funder", metavar="FUNDER", help="as rule packs name it: a customer's code")
    make.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="today if left out")
    make.add_argument("--seller", default="", metavar="CODE", help="the funder's own if left out")
    make.add_argument("--key", help="your own key: under one key, it is one claim")
    make.set_defaults(run=steps.run_make)
    send = _of_claim(inner, "send", "send a draft: its funder owes it from today on")
    send.set_defaults(run=steps.run_move, state="sent")
    accept = _of_claim(inner, "accept", "keep that the funder accepts a claim")
    accept.set_defaults(run=steps.run_move, state="accepted")
    withdraw = _of_claim(
        inner,
        "withdraw",
        "withdraw a claim: what it asked for may be claimed again",
        more="--reason 'wrong month' ",
    )
    withdraw.add_argument("--reason", required=True, help="why it is withdrawn")
    withdraw.set_defaults(run=steps.run_move, state="withdrawn")
    short = _of_claim(
        inner,
        "short",
        "say what the funder does not pay of which lines: it is written off",
        more="3=12.50 --reason 'no proof' ",
    )
    short.add_argument("lines", nargs="+", metavar="LINE=AMOUNT", help="so much less of the line")
    short.add_argument("--reason", required=True, help="why it is not paid")
    short.set_defaults(run=steps.run_short)
    value = inner.add_parser(
        "value",
        help="say at what free goods count that are given from now on",
        epilog=example("claim value cost --by lata"),
    )
    value.add_argument("value", choices=VALUES, help="at their price, or at what they cost")
    value.set_defaults(run=steps.run_value)
    for parser in (make, send, accept, withdraw, short, value):
        add_by(parser)
        add_folder(parser)


def _add_reading(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    open_ = inner.add_parser(
        "open",
        help="tell what each funder may be asked for",
        epilog=example("claim open"),
    )
    open_.set_defaults(run=steps.run_open)
    listing = inner.add_parser("list", help="tell the newest claims", epilog=example("claim list"))
    listing.set_defaults(run=steps.run_list)
    show = inner.add_parser(
        "show", help="tell a claim with its lines", epilog=example("claim show CLM26-27/000001")
    )
    show.add_argument("claim", metavar="NUMBER", help="the claim's number")
    show.set_defaults(run=steps.run_show)
    gather = inner.add_parser(
        "gather",
        help="read what schemes gave on invoices of before this version",
        epilog=example("claim gather"),
    )
    gather.set_defaults(run=steps.run_gather)
    for parser in (open_, listing, show, gather):
        add_folder(parser)


def _add_files(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    letter = _of_claim(
        inner,
        "letter",
        "write a claim as a PDF file for its funder",
        more="claim.pdf --language hi ",
    )
    letter.add_argument("file", type=Path, metavar="FILE", help="where to")
    letter.add_argument("--size", choices=SIZES, default="a4", help="a4, a5 or the 80 mm roll")
    letter.add_argument("--language", choices=LANGUAGES, default="en")
    letter.set_defaults(run=steps.run_letter)
    lines = _of_claim(
        inner,
        "lines",
        "write the lines of a claim with their documents as a file",
        more="lines.xlsx ",
    )
    lines.add_argument("file", type=Path, metavar="FILE", help="where to: .csv or .xlsx")
    lines.add_argument("--language", choices=LANGUAGES, default="en")
    lines.set_defaults(run=steps.run_lines)
    for parser in (letter, lines):
        add_by(parser)
        add_folder(parser)


def _of_claim(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    *,
    more: str = "",
) -> argparse.ArgumentParser:
    words = f"claim {name} CLM26-27/000001 {more}--by lata"
    parser = inner.add_parser(name, help=text, epilog=example(words))
    parser.add_argument("claim", metavar="NUMBER", help="the claim's number")
    return parser
