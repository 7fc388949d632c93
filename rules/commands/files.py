"""The files that commands are given: packs and orders, read or told why not."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rules import PackLoadError, load_pack
from rules.commands.running import FAULTS, StopError
from rules.language import PackError, read_pack
from rules.tools.diffs.questions import read_orders
from rules.tools.documents import Question
from rules.tools.reading import DocumentError


def read_folder(folder: Path) -> bytes:
    """Read a folder of rule files, or stop with every fault."""
    if not folder.is_dir():
        raise StopError(f"{folder} is not a folder")
    try:
        return read_pack(folder)
    except PackError as error:
        faults = list(with_sources(error.faults, folder))
        message = "\n".join([*faults, f"faults: {len(faults)}, nothing was loaded"])
        raise StopError(message, FAULTS) from error


def with_sources(faults: Iterable[str], folder: Path) -> Iterator[str]:
    """Show below each fault the line it is about, with a caret at its column."""
    files: dict[str, list[str]] = {}
    for fault in faults:
        name, line, column, _ = fault.split(":", 3)
        if name not in files:
            files[name] = _lines(folder / name)
        text = files[name][int(line) - 1 : int(line)]
        caret = f"    {' ' * (int(column) - 1)}^"
        yield "\n".join([fault, f"    {text[0]}", caret]) if text else fault


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def packed_at(path: Path) -> bytes:
    """Read a folder of rule files, or a file that `pack` wrote."""
    if path.is_dir():
        return read_folder(path)
    try:
        packed = path.read_bytes()
        load_pack(packed)
    except (OSError, PackLoadError) as error:
        raise StopError(f"{path}: {error}") from error
    return packed


@contextmanager
def told_faults(orders: Path) -> Iterator[None]:
    """Stop with what is wrong with a file of orders, where something is."""
    try:
        yield
    except DocumentError as error:
        faults = [f"{orders}:{fault}" for fault in error.faults]
        told_at_end = f"faults: {len(faults)}, nothing was decided"
        raise StopError("\n".join([*faults, told_at_end])) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StopError(f"{orders}: {error}") from error


def orders_at(path: Path) -> list[Question]:
    """Read a file of orders, or stop with every fault."""
    with told_faults(path):
        return read_orders(path.read_text(encoding="utf-8"))
