"""Check rule files: read them, run the cases that they carry, ask the linter; keep nothing."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.transaction import Transaction, Transactions
from hub.desk.rulepacks.model.packed import Doubt, PackedPack
from hub.desk.rulepacks.model.unkept import find_unkept
from hub.desk.rulepacks.store.known import read_known
from rules import CompiledPack, run_cases
from rules.engine.packs.documents import Packed
from rules.engine.packs.loading import load_with_document
from rules.language import PackError, read_pack
from rules.tools.build.packing import bound
from rules.tools.lint.catalogue import Catalogue
from rules.tools.lint.linting import lint
from rules.tools.lint.places import Places

NOTHING_KNOWN: Final = Catalogue()
"""Neither products nor customers: the pack is looked at by itself."""
Warehouses = Callable[[Transaction], frozenset[str]]
"""Gives the codes of all warehouses."""
CASE: Final = "case "
"""What a fault begins with where rules come to other figures than a case of the pack says."""


class FilesError(Exception):
    """Rule files have faults, each with its file, line and column, or cases that fail."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults: Final = faults


def check_folder(
    folder: Path,
    *,
    not_before: date | None = None,
    known: Catalogue = NOTHING_KNOWN,
    files: Mapping[str, bytes] | None = None,
) -> PackedPack:
    """Read and check the rule pack of a folder; raises FilesError with every fault.

    `not_before` is the first day on which the pack may decide, `known` are the products and
    customers that the rules are for, `files` what stands in the folder where it is at hand.
    """
    try:
        body = bound(read_pack(folder), not_before=not_before)
    except PackError as error:
        raise FilesError(tuple(str(fault) for fault in error.faults)) from error
    compiled, document = load_with_document(body)
    failures = run_cases(compiled)
    if failures:
        raise FilesError(tuple(f"{CASE}{failure}" for failure in failures))
    read = files or {name: (folder / name).read_bytes() for name in compiled.sources}
    kept = {name: read[name] for name in compiled.sources}
    return PackedPack(body, compiled, kept, _doubts(document, compiled, folder, known=known))


def check_files(files: Mapping[str, bytes], *, known: Catalogue = NOTHING_KNOWN) -> PackedPack:
    """Read and check rule files by name, as they would stand in a folder; raises FilesError."""
    with tempfile.TemporaryDirectory() as name:
        for path, body in files.items():
            place = PurePosixPath(path)
            if place.is_absolute() or ".." in place.parts:
                raise FilesError((f"{path}: not a file of the pack",))
            target = Path(name, *place.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        return check_folder(Path(name), known=known, files=files)


def _doubts(
    document: Packed, pack: CompiledPack, folder: Path, *, known: Catalogue
) -> tuple[Doubt, ...]:
    """Give what the linter doubts today, where the distributor is; what rules allow is left out.

    After that comes what the rules ask for, and the hub does not keep.
    """
    today = datetime.now(ZoneInfo(pack.timezone)).date()
    places = Places(folder)
    found = lint(document, pack, on=today, catalogue=known, places=places)
    doubts = [
        Doubt(one.severity, one.code, one.rule, one.text, f"{one.file}:{one.line}:{one.column}")
        for one in found.findings
        if not one.allowed
    ]
    for rule, what in find_unkept(pack):
        place = places.of(rule, ())
        text = f"asks for what this hub does not know: {what}"
        doubts.append(Doubt("warning", "fact_not_kept", rule, text, str(place or "")))
    return tuple(doubts)


@dataclass(slots=True)
class CheckPack:
    """The act, with what it needs; nothing is stored by it."""

    transactions: Transactions
    warehouses: Warehouses

    def __call__(self, files: Mapping[str, bytes]) -> PackedPack:
        """Check files by their names, as they would stand in a folder; raises FilesError."""
        return check_files(files, known=self._known())

    def folder(self, folder: Path, *, not_before: date | None = None) -> PackedPack:
        """Check the files of a folder; raises FilesError with every fault."""
        return check_folder(folder, not_before=not_before, known=self._known())

    def _known(self) -> Catalogue:
        with self.transactions.reading() as t:
            return read_known(t.connection, self.warehouses(t))
