"""The files that commands are given: packs, orders, facts, counters; read, or told why not."""

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from rules import CompiledPack, Counters, Facts, Order, PackLoadError, load_pack
from rules.commands.running import FAULTS, USAGE, StopError
from rules.language import PackError, read_pack
from rules.language.text.faults import suggestion, unreadable
from rules.tools.replay.questions import read_orders
from rules.tools.schema.documents import Question, facts_of, read
from rules.tools.schema.reading import DocumentError

Document = TypeVar("Document")

_MOST_TOLD = 100
"""So many faults of a folder are told; whoever has more begins with these."""
_MOST_SHOWN = 160
"""So many characters of a line are shown below its fault."""


def read_folder(folder: Path) -> bytes:
    """Read a folder of rule files, or stop with every fault."""
    if not folder.is_dir():
        raise StopError(f"{folder} is not a folder")
    try:
        return read_pack(folder)
    except PackError as error:
        faults = [*with_sources(error.faults[:_MOST_TOLD], folder)]
        if len(error.faults) > _MOST_TOLD:
            faults.append("...")
        end = f"faults: {len(error.faults)}, nothing was loaded"
        raise StopError("\n".join([*faults, end]), FAULTS) from error


def stop_with(faults: Sequence[str], end: str, code: int = USAGE) -> StopError:
    """Tell all faults and how many they are; `end` says what was not done for them."""
    return StopError("\n".join([*faults, f"faults: {len(faults)}, {end}"]), code)


def with_sources(faults: Iterable[str], folder: Path) -> Iterator[str]:
    """Show below each fault the line it is about, with a caret at its column."""
    files: dict[str, list[str]] = {}
    for fault in faults:
        name, line, column, _ = fault.split(":", 3)
        if name not in files:
            files[name] = _lines(folder / name, folder)
        text = files[name][int(line) - 1 : int(line)]
        if not text:
            yield fault
            continue
        shown, place = _around(text[0], int(column) - 1)
        yield "\n".join([fault, f"    {shown}", f"    {' ' * place}^"])


def _around(line: str, place: int) -> tuple[str, int]:
    """Cut a line to what is looked at of it; gives also where its place is in that."""
    if len(line) <= _MOST_SHOWN:
        return line, place
    start = max(0, min(place - _MOST_SHOWN // 2, len(line) - _MOST_SHOWN))
    begun, ended = "..." if start else "", "..." if start + _MOST_SHOWN < len(line) else ""
    return f"{begun}{line[start : start + _MOST_SHOWN]}{ended}", place - start + len(begun)


def _lines(path: Path, folder: Path) -> list[str]:
    """Read the lines of a file of the folder; a pipe would be read for ever."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve()) and path.is_file()
        return path.read_text(encoding="utf-8-sig").splitlines() if inside else []
    except (OSError, RuntimeError, UnicodeDecodeError):
        return []


def packed_at(path: Path) -> bytes:
    """Read a folder of rule files, or a file that `pack` wrote."""
    if path.is_dir():
        return read_folder(path)
    try:
        packed = path.read_bytes()
        load_pack(packed)
    except (OSError, PackLoadError) as error:
        raise StopError(unreadable(path, error)) from error
    return packed


def cases_named(pack: CompiledPack, part: str) -> list[Mapping[str, Any]]:
    """Give the cases of which the name has a part in it, or stop where none has."""
    if not part.strip():
        raise StopError("name a case of the pack, or a part of its name")
    found = [case for case in pack.cases if part.lower() in case["name"].lower()]
    if not found:
        hint = suggestion(part, [case["name"] for case in pack.cases])
        raise StopError(f"no case has '{part}' in its name{hint}")
    return found


@contextmanager
def told_faults(orders: Path) -> Iterator[None]:
    """Stop with what is wrong with a file of orders, where something is."""
    try:
        yield
    except DocumentError as error:
        faults = [f"{orders}:{fault}" for fault in error.faults]
        raise stop_with(faults, "nothing was decided") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StopError(unreadable(orders, error)) from error


def orders_at(path: Path) -> list[Question]:
    """Read a file of orders, or stop with every fault."""
    with told_faults(path):
        return read_orders(path.read_text(encoding="utf-8"))


def question_of(chosen: argparse.Namespace) -> Question:
    """Read an order and what it is decided with; the faults of all files are told at once."""
    faults: list[str] = []
    order = document_at(Order, chosen.order, faults)
    facts = document_at(Facts, chosen.facts, faults)
    counters = document_at(Counters, chosen.counters, faults)
    if order is not None and facts is not None and order.customer != facts.customer.id:
        faults.append(f"{chosen.facts}: $.customer.id: is not '{order.customer}', who orders")
    if faults or order is None:
        raise stop_with(faults, "nothing was decided")
    return Question(order, facts or facts_of(order), counters or Counters())


def document_at(wanted: type[Document], path: Path | None, faults: list[str]) -> Document | None:
    """Read a document where a file is named; what is wrong with it is added to the faults."""
    try:
        return None if path is None else read(wanted, path.read_text(encoding="utf-8"))
    except DocumentError as error:
        faults += [f"{path}: {fault}" for fault in error.faults]
    except (OSError, UnicodeDecodeError) as error:
        faults.append(unreadable(path, error))
    return None
