"""`stock list`, `receive`, `move`, `transfer`, `count` and the other acts of the stock book."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import uuid4

from hub.base.access import EVERYTHING, Permission, Scope
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
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import NamedAct, add_act, add_by, prove_user
from hub.desk.stock.acts import StockActs
from hub.desk.stock.commands.limits import add_limits
from hub.desk.stock.model.moves import REASONS, WAYS, Posted
from hub.desk.stock.reads.documents import list_lines, read_document
from hub.desk.stock.reads.movements import list_holders
from hub.desk.stock.reads.overview import BY_EXPIRY, list_batches
from hub.web import formats
from rules import LANGUAGES

_ALL: Final = 1_000_000
_LINE: Final = "FIELD=TEXT of one line: code=TEA-250 batch=B7 expiry=2027-06-30 quantity=24"
Act = Callable[[StockActs, argparse.Namespace, str, Scope], Posted | Refused]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "stock", "tell what there is in stock, receive, move and count it")
    listing = inner.add_parser(
        "list", help="list the batches of which something is left", epilog=example("stock list tea")
    )
    listing.add_argument("text", nargs="?", default="", help="of a product or a batch")
    listing.add_argument("--warehouse", default="", metavar="CODE")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    show = inner.add_parser(
        "show", help="show a document with its lines", epilog=example("stock show 12")
    )
    show.add_argument("document", type=int, metavar="NUMBER")
    add_folder(show)
    show.set_defaults(run=run_show)
    note = inner.add_parser(
        "note",
        help="write the note of goods that went back to a supplier as a PDF file",
        epilog=example("stock note 12 note.pdf --by asha"),
    )
    note.add_argument("document", type=int, metavar="NUMBER")
    note.add_argument("file", type=Path, metavar="FILE", help="where to")
    note.add_argument("--language", choices=LANGUAGES, default="en")
    add_by(note)
    add_folder(note)
    note.set_defaults(run=run_note)
    _add_documents(inner)
    _add_steps(inner)
    _add_batches(inner)


def _add_documents(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    line = "--line code=TEA-250 batch=B7 quantity=24"
    receive = _act(
        *(inner, "receive", "receive goods"),
        needed="stock.receive",
        act=lambda acts, said, by, scope: acts.receive(
            _head(said), _rows(said), key=_key(said), by=by, scope=scope
        ),
        words=f"MAIN {line} expiry=2027-06-30 --by asha",
    )
    move = _act(
        *(inner, "adjust", "adjust stock, write it off, or move it to damaged or quarantine"),
        needed="stock.move",
        act=lambda acts, said, by, scope: acts.move(
            _head(said), _rows(said), key=_key(said), by=by, scope=scope
        ),
        words=f"MAIN --how write_off --reason expired {line} --by asha",
    )
    hold = _act(
        *(inner, "quarantine", "put stock into quarantine"),
        needed="stock.move",
        act=lambda acts, said, by, scope: acts.move(
            {**_head(said), "how": "quarantine"}, _rows(said), key=_key(said), by=by, scope=scope
        ),
        words=f"MAIN --reason quality {line} --by asha",
    )
    transfer = _act(
        *(inner, "transfer", "send stock to another warehouse"),
        needed="stock.move",
        act=lambda acts, said, by, scope: acts.transfer.dispatch(
            _head(said), _rows(said), key=_key(said), by=by, scope=scope
        ),
        words=f"MAIN SIDE --due 2026-12-01 {line} --by asha",
    )
    count = _act(
        *(inner, "count", "freeze the list of a count; `stock enter` takes what was counted"),
        needed="stock.count",
        act=lambda acts, said, by, scope: acts.count.freeze(
            _head(said), category=said.category, key=_key(said), by=by, scope=scope
        ),
        words="MAIN --category drinks --by asha",
    )
    for parser in (receive, move, hold, transfer, count):
        parser.add_argument("warehouse", metavar="WAREHOUSE")
        parser.add_argument("--note", default="", help="a remark")
        parser.add_argument("--key", default="", help="sent twice under one key, it is done once")
    transfer.add_argument("to_warehouse", metavar="TO")
    transfer.add_argument("--due", required=True, metavar="DATE", help="when it is expected")
    move.add_argument("--how", required=True, choices=tuple(WAYS))
    move.add_argument("--bucket", default="", help="where it is taken from: good, damaged ...")
    move.add_argument("--supplier", default="", help="who gets the goods back (to_supplier)")
    for parser in (move, hold):
        parser.add_argument("--reason", required=True, choices=REASONS)
    receive.add_argument("--reference", default="", help="the supplier's own document")
    count.add_argument("--category", default="", help="part of the warehouse: drinks/hot")
    for parser in (receive, move, hold, transfer):
        parser.add_argument(
            "--line", nargs="+", action="append", metavar="FIELD=TEXT", required=True, help=_LINE
        )


def _add_steps(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    arrive = _act(
        *(inner, "arrive", "take a transfer where it arrived, and say what differs"),
        needed="stock.receive",
        act=lambda acts, said, by, scope: acts.transfer.arrive(
            said.document, _pairs(said.lines), rest_as_sent=said.all, by=by, scope=scope
        ),
        words="12 1=38 --all --by asha",
    )
    enter = _act(
        *(inner, "enter", "enter what was counted, by line; `--seen` corrects a line"),
        needed="stock.count",
        act=lambda acts, said, by, scope: acts.count.enter(
            said.document, _pairs(said.lines), seen=_pairs(said.seen), by=by, scope=scope
        ),
        words="13 1=40 2=0 --by ravi",
    )
    over = _act(
        *(inner, "hand-over", "hand a whole count to a second person"),
        needed="stock.count",
        act=lambda acts, said, by, scope: acts.count.hand_over(said.document, by=by, scope=scope),
        words="13 --by ravi",
    )
    grant = _act(
        *(inner, "grant", "let pass what somebody else adjusted, counted or took"),
        needed="stock.approve",
        act=lambda acts, said, by, scope: acts.decide(
            said.document, grant=True, by=by, scope=scope, why=said.why
        ),
        words="13 --by vikram",
    )
    refuse = _act(
        *(inner, "refuse", "refuse what somebody else adjusted, counted or took"),
        needed="stock.approve",
        act=lambda acts, said, by, scope: acts.decide(
            said.document, grant=False, by=by, scope=scope, why=said.why
        ),
        words="13 --by vikram",
    )
    for parser in (arrive, enter, over, grant, refuse):
        parser.add_argument("document", type=int, metavar="NUMBER")
    for parser in (grant, refuse):
        parser.add_argument(
            "--why", default="", help="asked of an owner who made or counted it, and is alone"
        )
    for parser in (arrive, enter):
        parser.add_argument("lines", nargs="*", metavar="LINE=QUANTITY")
    arrive.add_argument("--all", action="store_true", help="the other lines arrived as sent")
    enter.add_argument(
        "--seen", nargs="*", default=[], metavar="LINE=QUANTITY", help="what stands there now"
    )


def _add_batches(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    recall = _act(
        *(
            inner,
            "recall",
            "call a batch back: it is sold no more; `stock holders` says who got it",
        ),
        needed="stock.recall",
        act=lambda acts, said, by, scope: acts.recall(
            said.batch, {"note": said.note}, key=_key(said), by=by, scope=scope
        ),
        words="7 --note 'glass found' --by asha",
    )
    recall.add_argument("--note", required=True, help="why")
    recall.add_argument("--key", default="", help="sent twice under one key, it is done once")
    holders = inner.add_parser(
        "holders", help="list who got a batch", epilog=example("stock holders 7 --json")
    )
    holders.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(holders)
    holders.set_defaults(run=run_holders)
    dates = inner.add_parser(
        "dates",
        help="correct what is printed on a batch",
        epilog=example("stock dates 7 --expiry 2027-06-30 --note misread --by asha"),
    )
    dates.add_argument("--manufactured", default="", metavar="DATE")
    dates.add_argument("--expiry", required=True, metavar="DATE", help="- for goods that keep")
    dates.add_argument("--note", required=True, help="why")
    add_by(dates)
    add_folder(dates)
    dates.set_defaults(run=run_dates)
    for parser in (recall, holders, dates):
        parser.add_argument("batch", type=int, metavar="NUMBER", help="as `stock list` has it")
    add_limits(inner)


def _act(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    *,
    needed: Permission,
    act: Act,
    words: str,
) -> argparse.ArgumentParser:
    return add_act(inner, NamedAct("stock", name, text, words, needed), run=run_act, act=act)


def run_act(arguments: argparse.Namespace) -> int:
    """Do an act as whoever proves to be a user that may."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, arguments.needed)
        done = arguments.act(ground.part(StockActs), arguments, account.name, scope)
    if isinstance(done, Refused):
        _fail(done)
    state = PageWords().text(f"stock_state.{done.state}")
    print(f"document {done.document}: {state}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List batches."""
    chosen = {"warehouse": (arguments.warehouse,)} if arguments.warehouse else {}
    wanted = Wanted(BY_EXPIRY, arguments.text, chosen, size=_ALL)
    with opened(arguments) as ground, ground.database.read() as connection:
        zone = read_distributor(connection).zone
        day = formats.local(ground.clock.now_ms(), zone).date()
        found = list_batches(connection, wanted, today=day, scope=EVERYTHING)
    for row in found.rows:
        if arguments.json:
            print(json.dumps({**asdict(row), "available": row.available}, default=str))
        else:
            figures = f"{row.on_hand:>8} on hand {row.reserved:>8} reserved"
            named = f"{row.id:>6} {row.warehouse:<10} {row.sku:<16} {row.code:<16}"
            print(f"{named} {row.expiry or '-'!s:<10} {figures}  {row.state}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Show a document; of a count that goes on, not what the book has."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = read_document(connection, arguments.document, scope=EVERYTHING)
        lines = list_lines(connection, arguments.document, scope=EVERYTHING)
    if found is None:
        raise CommandError(f"there is no document {arguments.document}")
    words = PageWords()
    kind, state = words.named("stock_kind", found.kind), words.named("stock_state", found.state)
    number = f" {found.number} to {found.supplier}" if found.number else ""
    print(f"{kind} {found.id}{number}: {state}, by {found.made_by}")
    for one in lines:
        blind = found.state == "counting"
        figures = "" if blind else f"{one.quantity:>8}"
        counted = "" if one.counted is None else f" counted {one.counted}"
        arrived = "" if one.arrived is None else f" arrived {one.arrived}"
        if one.first_by is not None:
            counted += " to be counted again" if blind else f", {one.first_counted} before"
        print(f"  {one.line:>4} {one.sku:<16} {one.batch:<16}{figures}{counted}{arrived}")
    return 0


def run_note(arguments: argparse.Namespace) -> int:
    """Write the note of goods that went back to a supplier."""
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "stock.read")
        note = ground.part(StockActs).note
        paper = note(arguments.document, language=arguments.language, scope=scope)
    if paper is None:
        raise CommandError(f"by document {arguments.document} no goods went back to a supplier")
    write_file(arguments.file, [paper.content])
    print(arguments.file)
    return 0


def run_holders(arguments: argparse.Namespace) -> int:
    """List who got a batch."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = list_holders(
            connection, batch_id=arguments.batch, everywhere=True, scope=EVERYTHING
        )
    for one in found:
        if arguments.json:
            print(json.dumps(asdict(one), default=str))
        else:
            whom = f"{one.customer:<12} {one.customer_name:<30} {one.phone or '-':<16}"
            print(f"{whom} {one.number:<14} {one.quantity:>8}")
    return 0


def run_dates(arguments: argparse.Namespace) -> int:
    """Correct what is printed on a batch."""
    texts = {name: getattr(arguments, name) for name in ("manufactured", "expiry", "note")}
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, "stock.move")
        acts = ground.part(StockActs)
        wrong = acts.correct_dates(arguments.batch, texts, by=account.name, scope=scope)
    if wrong is not None:
        _fail(wrong)
    print(f"batch {arguments.batch}: {arguments.expiry}")
    return 0


def _fail(refused: Refused) -> None:
    """Raise CommandError with every reason why nothing was done."""
    raise NotDoneError(refused)


def _key(said: argparse.Namespace) -> str:
    return str(said.key or uuid4())


def _head(said: argparse.Namespace) -> dict[str, str]:
    names = (
        *("warehouse", "to_warehouse", "how", "bucket", "supplier", "reason", "reference"),
        *("note", "due"),
    )
    return {name: str(getattr(said, name)) for name in names if getattr(said, name, None)}


def _rows(said: argparse.Namespace) -> list[dict[str, str]]:
    return [_pairs(line) for line in said.line]


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """Read FIELD=TEXT; raises CommandError."""
    texts = {}
    for one in words:
        name, equals, text = one.partition("=")
        if not equals:
            raise CommandError(f"{one!r} is no FIELD=TEXT, such as quantity=24")
        texts[name] = text
    return texts
