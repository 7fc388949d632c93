"""Command line: check, test, pack and try folders of rule files, without a hub."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter_ns
from typing import Final, TypeVar

from rules import PackLoadError, evaluate, load_pack, run_cases, shown
from rules.engine.inputs import Counters, Facts, Order
from rules.language import PackError, read_pack
from rules.tools.comparing import compare, read_orders, told
from rules.tools.documents import DocumentError, Question, decided, facts_of, read, write
from rules.tools.explaining import explained
from rules.tools.linting import lint
from rules.tools.lints.catalogue import CatalogueError, read_catalogue
from rules.tools.lints.places import Places
from rules.tools.measuring import measure, timed
from rules.tools.measuring import told as told_speed
from rules.tools.packing import bound
from rules.tools.schemas import DOCUMENTS, RULE_FILE, schema_of
from rules.tools.signing import SigningKeyError, key_line, new_private_key, public_key, sign
from rules.tools.verifying import PackRefusedError, verified

_OK: Final = 0
_FAULTS: Final = 1
_USAGE: Final = 2

Document = TypeVar("Document")
Run = Callable[[argparse.Namespace], int]


class _StopError(Exception):
    """A command cannot go on; the message is for people."""

    def __init__(self, message: str, code: int = _USAGE) -> None:
        self.code = code
        super().__init__(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 faults or failing cases, 2 a wrong call."""
    chosen = _parser().parse_args(arguments)
    run: Run = chosen.run
    try:
        code = run(chosen)
        sys.stdout.flush()
    except _StopError as error:
        print(error, file=sys.stderr)
        return error.code
    except BrokenPipeError:
        # The reader has seen enough (`| head`): what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _read_folder(folder: Path) -> bytes:
    if not folder.is_dir():
        raise _StopError(f"{folder} is not a folder")
    try:
        return read_pack(folder)
    except PackError as error:
        faults = [_with_source(fault, folder) for fault in error.faults]
        message = "\n".join([*faults, f"faults: {len(faults)}, nothing was loaded"])
        raise _StopError(message, _FAULTS) from error


def _with_source(fault: str, folder: Path) -> str:
    """Show the line a fault is about below it, with a caret at its column."""
    name, line, column, _ = fault.split(":", 3)
    try:
        text = (folder / name).read_text(encoding="utf-8-sig").splitlines()[int(line) - 1]
    except (OSError, UnicodeDecodeError, IndexError):
        return fault
    return f"{fault}\n    {text}\n    {' ' * (int(column) - 1)}^"


def _packed_at(path: Path) -> bytes:
    """Read a folder of rule files, or a file that `pack` wrote."""
    if path.is_dir():
        return _read_folder(path)
    try:
        packed = path.read_bytes()
        load_pack(packed)
    except (OSError, PackLoadError) as error:
        raise _StopError(f"{path}: {error}") from error
    return packed


def _check(chosen: argparse.Namespace) -> int:
    packed = _read_folder(chosen.pack)
    pack = load_pack(packed)
    print(f"{pack.name} {pack.version}: {len(packed)} bytes, {pack.hash}")
    return _OK


def _pack(chosen: argparse.Namespace) -> int:
    packed = _read_folder(chosen.pack)
    try:
        previous = None if chosen.previous is None else _packed_at(chosen.previous)
        packed = bound(packed, previous=previous, not_before=chosen.not_before)
        pack = load_pack(packed)
        signature = None if chosen.key is None else sign(pack.hash, chosen.key.read_bytes())
    except PackRefusedError as error:
        raise _StopError(f"{chosen.pack}: {error}", _FAULTS) from error
    except (OSError, SigningKeyError) as error:
        raise _StopError(f"{chosen.key}: {error}") from error
    chosen.output.write_bytes(packed)
    beside = _signature_of(chosen.output)
    if signature is None:
        beside.unlink(missing_ok=True)  # of what was packed here before, it would be wrong now
    else:
        beside.write_text(f"{signature}\n", encoding="ascii")
    signed = "" if signature is None else f", signed in {beside}"
    print(f"{pack.name} {pack.version}: {len(packed)} bytes, {pack.hash}{signed}")
    return _OK


def _signature_of(packed: Path) -> Path:
    return packed.with_name(packed.name + ".sig")


def _verify(chosen: argparse.Namespace) -> int:
    try:
        packed = chosen.pack.read_bytes()
        beside = _signature_of(chosen.pack)
        signature = beside.read_text(encoding="utf-8").strip() if beside.exists() else ""
        keys = [_key(text) for text in chosen.key]
        previous = None if chosen.previous is None else _packed_at(chosen.previous)
        pack = verified(packed, signature, keys, previous=previous)
    except (OSError, UnicodeDecodeError, SigningKeyError) as error:
        raise _StopError(f"{chosen.pack}: {error}") from error
    except PackRefusedError as error:
        if chosen.json:
            print(json.dumps({"refused": error.code, "text": str(error)}))
        raise _StopError(f"{chosen.pack}: {error.code}: {error}", _FAULTS) from error
    text = f"{pack.name} {pack.version}: signed, {len(pack.cases)} cases pass, {pack.hash}"
    if pack.previous is not None:
        text += f", after {pack.previous[:12]}"
    if pack.not_before is not None:
        text += f", not before {pack.not_before}"
    print(json.dumps({"refused": None, "text": text}) if chosen.json else text)
    return _OK


def _key(text: str) -> str:
    """Read a public key: the file it is in, or the line itself as terminals are given it."""
    path = Path(text)
    return key_line(path.read_text(encoding="utf-8") if path.is_file() else text)


def _keygen(chosen: argparse.Namespace) -> int:
    private, public = chosen.output / "private.pem", chosen.output / "public.pem"
    pem = new_private_key()
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)
        with open(private, "xb", opener=_owner_only) as file:
            file.write(pem)
        public.write_bytes(public_key(pem))
    except OSError as error:
        raise _StopError(f"{error}; a key is never written over") from error
    print(f"{private}: keep it secret\n{public}: {key_line(public.read_text(encoding='ascii'))}")
    return _OK


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _test(chosen: argparse.Namespace) -> int:
    pack = load_pack(_read_folder(chosen.pack))
    failures = run_cases(pack)
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{pack.name} {pack.version}: {len(pack.cases)} cases, {len(failures)} failed")
    return _FAULTS if failures else _OK


def _evaluate(chosen: argparse.Namespace) -> int:
    pack = load_pack(_packed_at(chosen.pack))
    asked = _question(chosen)
    result = evaluate(asked.order, asked.facts, asked.counters, pack)
    if chosen.json:
        print(write(decided(result, pack)))
    else:
        payable = shown(result.totals.payable, pack.scale)
        print(f"{result.outcome}: {payable} {pack.currency} to pay")
        for reason in result.reasons:
            print(f"  {reason.code}: {reason.text}")
    return _OK


def _explain(chosen: argparse.Namespace) -> int:
    packed = _packed_at(chosen.pack)
    for line in explained(_question(chosen), packed):
        print(line)
    return _OK


def _question(chosen: argparse.Namespace) -> Question:
    """Read an order and what it is decided with; the faults of all files are told at once."""
    faults: list[str] = []
    order = _document(Order, chosen.order, faults)
    facts = _document(Facts, chosen.facts, faults)
    counters = _document(Counters, chosen.counters, faults)
    if order is not None and facts is not None and order.customer != facts.customer.id:
        faults.append(f"{chosen.facts}: $.customer.id: is not '{order.customer}', who orders")
    if faults or order is None:
        raise _StopError("\n".join([*faults, f"faults: {len(faults)}, nothing was decided"]))
    return Question(order, facts or facts_of(order), counters or Counters())


def _document(wanted: type[Document], path: Path | None, faults: list[str]) -> Document | None:
    try:
        return None if path is None else read(wanted, path.read_text(encoding="utf-8"))
    except DocumentError as error:
        faults += [f"{path}: {fault}" for fault in error.faults]
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: {error}")
    return None


def _diff(chosen: argparse.Namespace) -> int:
    before, after = (load_pack(_packed_at(path)) for path in (chosen.before, chosen.after))
    if (before.currency, before.scale) != (after.currency, after.scale):
        raise _StopError("the packs are of different currencies: their amounts do not compare")
    comparison = compare(before, after, _orders_at(chosen.orders))
    print(write(comparison) if chosen.json else "\n".join(told(comparison)))
    return _OK


def _orders_at(path: Path) -> list[Question]:
    try:
        return read_orders(path.read_text(encoding="utf-8"))
    except DocumentError as error:
        faults = [f"{path}:{fault}" for fault in error.faults]
        told_at_end = f"faults: {len(faults)}, nothing was decided"
        raise _StopError("\n".join([*faults, told_at_end])) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _StopError(f"{path}: {error}") from error


def _bench(chosen: argparse.Namespace) -> int:
    orders = None if chosen.orders is None else _orders_at(chosen.orders)
    read_us, packed = timed(lambda: _packed_at(chosen.pack), perf_counter_ns)
    measured = measure(
        packed, orders, read_us=read_us if chosen.pack.is_dir() else None, clock=perf_counter_ns
    )
    print(write(measured) if chosen.json else "\n".join(told_speed(measured)))
    return _OK


def _lint(chosen: argparse.Namespace) -> int:
    packed = _packed_at(chosen.pack)
    try:
        catalogue = read_catalogue(chosen.products, chosen.customers)
    except CatalogueError as error:
        raise _StopError(str(error)) from error
    pack = load_pack(packed)
    folder = chosen.pack if chosen.pack.is_dir() else None
    found = lint(
        json.loads(packed),
        pack,
        on=chosen.on,
        catalogue=catalogue,
        places=None if folder is None else Places(folder),
    )
    if chosen.json:
        print(write(found))
    else:
        for finding in found.findings:
            print(finding if folder is None else _with_source(str(finding), folder))
        print(
            f"{pack.name} {pack.version}: errors {found.errors}, warnings {found.warnings}, "
            f"allowed {found.allowed}"
        )
    return _FAULTS if found.errors else _OK


def _schema(chosen: argparse.Namespace) -> int:
    print(json.dumps(schema_of(chosen.document), indent=2))
    return _OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rules",
        description="Check, test, pack and try rules, without a hub.",
        epilog="example: python -m rules test rules/packs/fmcg",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (run, text, example, add) in _COMMANDS.items():
        command = commands.add_parser(
            name, help=text, description=text, epilog=f"example: python -m rules {name} {example}"
        )
        command.set_defaults(run=run)
        add(command)
    return parser


def _takes_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder with the *.yaml files")


def _takes_packing(command: argparse.ArgumentParser) -> None:
    _takes_folder(command)
    command.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    command.add_argument("--key", type=Path, help="private key; signs into a file beside: FILE.sig")
    command.add_argument("--previous", type=Path, help="the pack that this one follows")
    command.add_argument(
        "--not-before",
        type=date.fromisoformat,
        metavar="DAY",
        help="the first day that it may decide on, such as 2026-12-01",
    )


def _takes_key_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--output", type=Path, required=True, help="folder for private.pem and public.pem"
    )


def _takes_verifying(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="packed file, its signature beside: FILE.sig")
    command.add_argument(
        "--key",
        action="append",
        required=True,
        help="public key: a PEM file, or the line in it; several are all trusted",
    )
    command.add_argument("--previous", type=Path, help="the pack that it must follow")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _takes_document(command: argparse.ArgumentParser) -> None:
    command.add_argument("document", choices=(*DOCUMENTS, RULE_FILE), help="what to describe")


def _takes_day(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder of rule files, or a packed file")
    command.add_argument(
        "--on",
        type=date.fromisoformat,
        default=datetime.now(tz=UTC).date(),
        metavar="DAY",
        help="the day that tells what has expired, such as 2026-04-01; today otherwise",
    )
    command.add_argument(
        "--products",
        type=Path,
        metavar="FILE.csv",
        help="all products, with the columns sku, category, brand, tax_class and perhaps cost",
    )
    command.add_argument(
        "--customers",
        type=Path,
        metavar="FILE.csv",
        help="all customers, with the columns id, type and geo",
    )
    command.add_argument("--json", action="store_true", help="print every doubt with its place")


def _takes_two_packs(command: argparse.ArgumentParser) -> None:
    command.add_argument("before", type=Path, help="folder of rule files, or a packed file")
    command.add_argument("after", type=Path, help="the same, to compare with it")
    command.add_argument(
        "--orders",
        type=Path,
        required=True,
        help="JSON lines of {order, facts, counters}; see `schema question`",
    )
    command.add_argument("--json", action="store_true", help="print the whole comparison")


def _takes_orders(command: argparse.ArgumentParser) -> None:
    command.add_argument("pack", type=Path, help="folder of rule files, or a packed file")
    command.add_argument(
        "--orders",
        type=Path,
        metavar="FILE.jsonl",
        help="JSON lines of {order, facts, counters}, as `diff` takes them; the pack's own "
        "cases otherwise",
    )
    command.add_argument("--json", action="store_true", help="print every figure")


def _takes_question(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--pack", type=Path, required=True, help="folder of rule files, or a packed file"
    )
    command.add_argument("--order", type=Path, required=True, help="the order, a JSON file")
    command.add_argument(
        "--facts",
        type=Path,
        help="customer, products, credit and stock; without it, what prices by SKU alone",
    )
    command.add_argument("--counters", type=Path, help="what bounded schemes have given so far")


def _takes_question_or_json(command: argparse.ArgumentParser) -> None:
    _takes_question(command)
    command.add_argument("--json", action="store_true", help="print the whole result")


_ASKED: Final = (
    "--pack rules/examples/pack --order rules/examples/order.json --facts rules/examples/facts.json"
)
_COMMANDS: Final[Mapping[str, tuple[Run, str, str, Callable[[argparse.ArgumentParser], None]]]] = {
    "check": (_check, "report every fault in the files", "rules/packs/fmcg", _takes_folder),
    "test": (
        _test,
        "check, then run the cases beside the rules",
        "rules/packs/fmcg",
        _takes_folder,
    ),
    "pack": (
        _pack,
        "check, then write the pack that hub and terminals load, and sign it",
        "rules/packs/fmcg -o fmcg.json --key keys/private.pem",
        _takes_packing,
    ),
    "keygen": (_keygen, "make a pair of keys to sign packs with", "-o keys", _takes_key_folder),
    "verify": (
        _verify,
        "check who signed a pack, what it follows, and that its cases pass",
        "fmcg.json --key keys/public.pem",
        _takes_verifying,
    ),
    "lint": (
        _lint,
        "doubt what is allowed and still looks wrong: rules that never hold or never win",
        "rules/packs/fmcg --on 2026-04-01",
        _takes_day,
    ),
    "evaluate": (
        _evaluate,
        "decide one order: what it costs and whether it is accepted",
        f"{_ASKED} --json",
        _takes_question_or_json,
    ),
    "explain": (
        _explain,
        "tell people of one order: what applied, what nearly did, what did not and why",
        _ASKED,
        _takes_question,
    ),
    "diff": (
        _diff,
        "decide orders with two packs: which change, by how much, and by which rules",
        "rules/examples/pack rules/examples/next --orders rules/examples/orders.jsonl",
        _takes_two_packs,
    ),
    "bench": (
        _bench,
        "measure a pack: microseconds an order, the slowest orders, load times and memory",
        "rules/examples/pack --orders rules/examples/orders.jsonl",
        _takes_orders,
    ),
    "schema": (
        _schema,
        "print the JSON Schema of a document, or of rule files",
        "order",
        _takes_document,
    ),
}
"""Each command: what runs it, what it does, an example, what it takes."""


if __name__ == "__main__":
    sys.exit(main())
