"""`delivery list`, `pick`, `scan`, `dispatch`, `record` and the other acts of deliveries."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

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
from hub.base.kept.photos import MOST_BYTES
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.acts.give_labels import MOST_PARCELS
from hub.desk.deliveries.model.asked import read_outcome
from hub.desk.deliveries.model.done import Counted, KeptPhoto, OrderedAgain, Sent, Waved
from hub.desk.deliveries.model.life import SHORT_REASONS, STATES
from hub.desk.deliveries.reads.documents import write_note
from hub.desk.deliveries.reads.notes import NEWEST_FIRST, lines_of, list_notes, read_note
from hub.desk.deliveries.reads.proof import read_proof
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.listing import find_order
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import NamedAct, add_act, add_by, prove_user
from hub.web import formats
from rules import LANGUAGES

_ALL: Final = 1_000_000
_LINE: Final = "FIELD=TEXT of one line: line=1 back=2 damaged=1 reason=damaged"
Act = Callable[[DeliveryActs, argparse.Namespace, str, Scope], object]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "delivery", "pick orders, send them, and say what became of them")
    listing = inner.add_parser(
        "list", help="list the delivery notes", epilog=example("delivery list --state picked")
    )
    listing.add_argument("--state", choices=STATES, help="only those in one state")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    show = inner.add_parser(
        "show", help="show a note with its lines", epilog=example("delivery show 12")
    )
    show.add_argument("delivery", type=int, metavar="NOTE", help="its id, as `list` has it")
    show.add_argument("--json", action="store_true", help="one JSON object")
    add_folder(show)
    show.set_defaults(run=run_show)
    labels = inner.add_parser(
        "labels",
        help="write the labels of a note's parcels as a PDF file, 80 mm wide, one a page",
        epilog=example("delivery labels 12 labels.pdf --parcels 3 --by ravi"),
    )
    labels.add_argument("delivery", type=int, metavar="NOTE", help="its id, as `list` has it")
    labels.add_argument("file", type=Path, metavar="FILE", help="where to")
    labels.add_argument(
        "--parcels", type=int, default=1, metavar="COUNT", help="how many there are"
    )
    labels.add_argument(
        "--language", choices=LANGUAGES, default="", help="the customer's where left out"
    )
    labels.set_defaults(run=run_labels)
    add_by(labels)
    add_folder(labels)
    _add_proving(inner)
    _add_picking(inner)
    _add_sending(inner)
    _add_recording(inner)


def _add_proving(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    photo = _act(
        *(inner, "photo", "keep a photo (JPEG) of where a note was brought"),
        needed="deliveries.record",
        act=lambda acts, said, by, scope: acts.keep_photo(
            said.delivery, _content_of(said.file), by=by, scope=scope
        ),
        words="12 shop-door.jpg --by ravi",
    )
    proof = inner.add_parser(
        "proof",
        help="write who received a note's goods, with the signature, as a PDF file",
        epilog=example("delivery proof 12 proof.pdf --by ravi"),
    )
    proof.add_argument(
        "--language", choices=LANGUAGES, default="", help="the customer's where left out"
    )
    proof.set_defaults(run=run_proof)
    for parser, told in ((photo, "a JPEG of 1 MB at most"), (proof, "where to")):
        parser.add_argument("delivery", type=int, metavar="NOTE", help="its id, as `list` has it")
        parser.add_argument("file", type=Path, metavar="FILE", help=told)
    add_by(proof)
    add_folder(proof)


def _add_picking(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pick = _act(
        *(inner, "pick", "begin to pick orders: a pick list, and a note for each of them"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.begin(said.uuids, by=by, scope=scope),
        words="S-000012 S-000013 --by ravi",
    )
    pick.add_argument("orders", nargs="+", metavar="ORDER", help="by number or id")
    scan = _act(
        *(inner, "scan", "count a scan towards a pick list: a bar code, a SKU, 12*CODE"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.pick.scan(
            said.wave, said.code, batch=said.batch, by=by, scope=scope
        ),
        words="3 '12*TEA-250' --batch B7 --by ravi",
    )
    scan.add_argument("wave", type=int, metavar="LIST")
    scan.add_argument("code", metavar="CODE")
    scan.add_argument("--batch", default="", help="where the code has none")
    enter = _act(
        *(inner, "enter", "write how many were picked; without lines, all that is left"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.pick.enter(
            said.wave, _pairs(said.lines), by=by, scope=scope
        ),
        words="3 12.1=10 12.2=0 --by ravi",
    )
    enter.add_argument("wave", type=int, metavar="LIST")
    enter.add_argument("lines", nargs="*", metavar="NOTE.LINE=QUANTITY")
    short = _act(
        *(inner, "take-off", "take off a note what is left of a line"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.take_off(
            said.delivery, said.line, said.reason, by=by, scope=scope
        ),
        words="12 2 --reason not_found --by ravi",
    )
    finish = _act(
        *(inner, "finish", "finish the pick of notes: what was not picked is left out"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.finish(said.deliveries, by=by, scope=scope),
        words="12 13 --by ravi",
    )
    undo = _act(
        *(inner, "undo", "undo a pick: the goods are put back and stay the order's"),
        needed="deliveries.pick",
        act=lambda acts, said, by, scope: acts.finish.undo(said.delivery, by=by, scope=scope),
        words="12 --by ravi",
    )
    finish.add_argument("deliveries", type=int, nargs="+", metavar="NOTE")
    for parser in (short, undo):
        parser.add_argument("delivery", type=int, metavar="NOTE")
    short.add_argument("line", type=int, metavar="LINE")
    short.add_argument("--reason", required=True, choices=SHORT_REASONS)


def _add_sending(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    dispatch = _act(
        *(inner, "dispatch", "send picked notes off on one vehicle, all of them or none"),
        needed="deliveries.dispatch",
        act=lambda acts, said, by, scope: acts.dispatch(
            said.deliveries,
            vehicle=said.vehicle,
            driver=said.driver,
            carrier=said.carrier,
            carrier_gstin=said.carrier_gstin,
            distance=said.distance,
            by=by,
            scope=scope,
        ),
        words="12 13 --vehicle KA-01-1234 --driver Om --by ravi",
    )
    dispatch.add_argument("deliveries", type=int, nargs="+", metavar="NOTE")
    dispatch.add_argument("--vehicle", required=True)
    dispatch.add_argument("--driver", required=True)
    dispatch.add_argument("--carrier", default="", help="who carries the goods, if not you")
    dispatch.add_argument("--carrier-gstin", default="", help="the carrier's GSTIN")
    dispatch.add_argument("--distance", default="", metavar="KM", help="for the e-way bill")
    let_pass = _act(
        *(inner, "pass", "let a note out that credit would keep here"),
        needed="deliveries.pass",
        act=lambda acts, said, by, scope: acts.pass_gate(
            said.delivery, said.reason, by=by, scope=scope
        ),
        words="12 --reason 'paid this morning' --by vikram",
    )
    let_pass.add_argument("delivery", type=int, metavar="NOTE")
    let_pass.add_argument("--reason", required=True, help="why")


def _add_recording(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    record = _act(
        *(inner, "record", "say what became of a note; lines that nobody names were delivered"),
        needed="deliveries.record",
        act=lambda acts, said, by, scope: _record(acts, said, by=by, scope=scope),
        words="12 --receiver 'Asha Rao' --line line=1 back=2 reason=refused --by ravi",
    )
    record.add_argument("delivery", type=int, metavar="NOTE")
    record.add_argument("--outcome", default="", choices=("", "refused", "closed_shop"))
    record.add_argument("--receiver", default="", help="who took the goods")
    record.add_argument("--word", default="", help="what the shop's slip says to the driver")
    record.add_argument("--redeliver", default="", metavar="DATE", help="of a closed shop")
    record.add_argument("--note", default="", help="a remark")
    record.add_argument(
        "--signature",
        default="",
        metavar="STROKES",
        help="of who took the goods, on a pad of 1,000 by 300: '12,40 13,42;80,60 90,61'",
    )
    record.add_argument(
        "--line", nargs="+", action="append", default=[], metavar="FIELD=TEXT", help=_LINE
    )
    rest = _act(
        *(inner, "order-rest", "order once more what a note did not bring of its order"),
        needed="deliveries.record",
        act=lambda acts, said, by, scope: acts.order_rest(
            said.delivery, by=Requester("user", by), scope=scope
        ),
        words="12 --by ravi",
    )
    rest.add_argument("delivery", type=int, metavar="NOTE")


def _act(
    inner: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    *,
    needed: Permission,
    act: Act,
    words: str,
) -> argparse.ArgumentParser:
    return add_act(inner, NamedAct("delivery", name, text, words, needed), run=run_act, act=act)


def run_act(arguments: argparse.Namespace) -> int:
    """Do an act as whoever proves to be a user that may, and tell the notes as they are then."""
    with opened(arguments) as ground:
        account, scope = prove_user(ground, arguments, arguments.needed)
        with ground.database.read() as connection:
            named = getattr(arguments, "orders", ())
            found = [find_order(connection, one, scope=scope) for one in named]
        arguments.uuids = [one for some in found for one in some]
        done: Any = arguments.act(ground.part(DeliveryActs), arguments, account.name, scope)
        if isinstance(done, Refused):
            raise NotDoneError(done)
        print(_told(done))
    return 0


def _told(done: Any) -> str:  # noqa: ANN401  # whatever an act gives back
    """Say in a line what an act came to."""
    match done:
        case list():
            text = "\n".join(_told(one) for one in done)
        case Waved():
            notes = " ".join(str(one) for one in done.notes)
            text = f"pick list {done.wave}: notes {notes}"
        case OrderedAgain():
            text = f"order {done.number}"
        case Sent():
            text = f"trip {done.trip}"
        case Counted():
            text = f"{done.quantity} picked {done.sku} {done.batch}".rstrip()
        case KeptPhoto():
            text = f"photo {done.number} of note {done.delivery}"
        case _:
            state = PageWords().text(f"delivery_state.{done.state}")
            text = f"note {done.delivery}: {state}"
    return text


def _record(acts: DeliveryActs, said: argparse.Namespace, *, by: str, scope: Scope) -> object:
    names = ("outcome", "receiver", "word", "redeliver", "note", "signature")
    rows = [_pairs(line) for line in said.line]
    asked, faults = read_outcome({name: getattr(said, name) for name in names}, rows)
    if faults:
        return Refused(tuple(faults))
    return acts.record(said.delivery, asked, by=by, scope=scope)


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """Read FIELD=TEXT; raises CommandError."""
    texts = {}
    for one in words:
        name, equals, text = one.partition("=")
        if not equals:
            raise CommandError(f"write {one} as FIELD=TEXT")
        texts[name] = text
    return texts


def run_list(arguments: argparse.Namespace) -> int:
    """List notes."""
    chosen = {"state": (arguments.state,)} if arguments.state else {}
    wanted = Wanted(NEWEST_FIRST, chosen=chosen, size=_ALL)
    with opened(arguments) as ground, ground.database.read() as connection:
        zone = read_distributor(connection).zone
        day = formats.local(ground.clock.now_ms(), zone).date()
        found = list_notes(connection, wanted, today=day, scope=EVERYTHING)
    for row in found.rows:
        if arguments.json:
            print(json.dumps(write_note(row)))
        else:
            named = f"{row.id:>6} {row.number:<16} {row.state:<12} {row.day}"
            print(f"{named} {row.order_number:<14} {row.customer}")
    return 0


def run_labels(arguments: argparse.Namespace) -> int:
    """Write the labels of a note's parcels as a file."""
    if not 1 <= arguments.parcels <= MOST_PARCELS:
        raise CommandError(f"a note has 1 to {MOST_PARCELS} parcels, not {arguments.parcels}")
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "deliveries.read")
        paper = ground.part(DeliveryActs).labels(
            arguments.delivery,
            parcels=arguments.parcels,
            language=arguments.language,
            scope=scope,
        )
        if paper is None:
            raise CommandError(f"there is no note {arguments.delivery}")
        write_file(arguments.file, [paper.content])
        print(arguments.file)
    return 0


def run_proof(arguments: argparse.Namespace) -> int:
    """Write the proof of a delivery as a file."""
    with opened(arguments) as ground:
        _, scope = prove_user(ground, arguments, "deliveries.read")
        paper = ground.part(DeliveryActs).papers.proof(
            arguments.delivery, language=arguments.language, scope=scope
        )
        if paper is None:
            raise CommandError(f"there is no note {arguments.delivery} of which the end is known")
        write_file(arguments.file, [paper.content])
        print(arguments.file)
    return 0


def _content_of(file: Path) -> bytes:
    """Read a file; raises CommandError."""
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error


def run_show(arguments: argparse.Namespace) -> int:
    """Show a note with its lines."""
    with opened(arguments) as ground, ground.database.read() as connection:
        found = read_note(connection, arguments.delivery, scope=EVERYTHING)
        lines = lines_of(connection, [arguments.delivery], scope=EVERYTHING)
        proof = read_proof(connection, arguments.delivery, scope=EVERYTHING)
    if found is None:
        raise CommandError(f"there is no note {arguments.delivery}")
    if arguments.json:
        print(json.dumps(write_note(found, lines, proof)))
        return 0
    state = PageWords().text(f"delivery_state.{found.state}")
    print(f"{found.number} {found.customer}, {found.order_number}: {state}")
    for one in lines:
        figures = f"{one.planned:>8} planned {one.picked:>8} picked {one.delivered:>8} delivered"
        print(f"  {one.number:>4} {one.sku:<16} {one.batch:<16}{figures}")
    if found.receiver:
        signed = ", signed" if proof.signature else ""
        print(f"taken by {found.receiver}{signed}, {len(proof.photos)} photos")
    return 0
