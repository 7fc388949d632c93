"""A folder of rule files, checked, its cases run and its doubts told, as bytes for the hub."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.commands import CommandError
from hub.desk.rulepacks.model.packed import Doubt, PackedPack
from hub.desk.rulepacks.model.unkept import find_unkept
from rules import CompiledPack, load_pack, run_cases
from rules.language import PackError, read_pack
from rules.tools.build.packing import bound
from rules.tools.lint.catalogue import Catalogue
from rules.tools.lint.linting import lint
from rules.tools.lint.places import Places

NOTHING_KNOWN: Final = Catalogue()
"""Neither products nor customers: the pack is looked at by itself."""


def read_pack_folder(
    folder: Path,
    *,
    shown: str = "",
    not_before: date | None = None,
    known: Catalogue = NOTHING_KNOWN,
) -> PackedPack:
    """Read and check a rule pack, run the cases it carries, and ask the linter.

    `shown` goes before the names of files, `not_before` is the first day on which the pack may
    decide, `known` are the products and customers that the rules are for. Raises CommandError with
    every fault.
    """
    try:
        body = bound(read_pack(folder), not_before=not_before)
    except PackError as error:
        raise CommandError("\n".join(f"{shown}{fault}" for fault in error.faults)) from error
    compiled = load_pack(body)
    failures = run_cases(compiled)
    if failures:
        raise CommandError("\n".join(f"{shown}case {failure}" for failure in failures))
    files = {name: (folder / name).read_bytes() for name in compiled.sources}
    return PackedPack(body, compiled, files, _doubts(body, compiled, folder, known=known))


def _doubts(
    body: bytes, pack: CompiledPack, folder: Path, *, known: Catalogue
) -> tuple[Doubt, ...]:
    """Give what the linter doubts today, where the distributor is; what rules allow is left out.

    After that comes what the rules ask for, and the hub does not keep.
    """
    today = datetime.now(ZoneInfo(pack.timezone)).date()
    places = Places(folder)
    found = lint(json.loads(body), pack, on=today, catalogue=known, places=places)
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
