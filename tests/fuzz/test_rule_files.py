"""Rule files that went wrong: each is loaded, or refused with its place, in under a second."""

import random
import re
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from rules import load_pack
from rules.language.reader import PackReader
from tests.fixtures.trials import Trials
from tests.fuzz.mutations import as_file, mutated, mutated_bytes
from tests.fuzz.turns import try_turns
from tests.unit.rules.making import outcome

RULES: Final = Path(__file__).parents[2] / "rules"
_FOLDERS: Final = [
    RULES / "packs" / "schemes",
    RULES / "packs" / "fmcg",
    RULES / "examples" / "pack",
]
_OFTEN: Final = (1, 2, 4)
"""How often each is spoilt: the large one takes seven times as long as the small one to read."""
_FAULT: Final = re.compile(r"(.+?):(\d+):(\d+): .+")
_AT_A_TIME: Final = 50
_SLOW_S: Final = 1.0
_LONGEST: Final = 1_000
"""What a fault may say; the longest lists all facts or keys that are known."""

Files = dict[str, bytes]


@cache
def _folders() -> list[Files]:
    """Read what the files are mutated from."""
    return [
        {
            path.relative_to(RULES / folder).as_posix(): path.read_bytes()
            for path in sorted((RULES / folder).rglob("*"))
            if path.suffix in {".yaml", ".csv"}
        }
        for folder in _FOLDERS
    ]


def _mutation(chance: random.Random) -> Files:
    """Take some files of a pack and spoil one of them."""
    files = dict(chance.choices(_folders(), _OFTEN)[0])
    for name in sorted(files)[1:]:
        if name != "pack.yaml" and chance.random() < 0.7:
            del files[name]
    name = chance.choice(sorted(files))
    if chance.random() < 0.2:
        files[name] = mutated_bytes(chance, files[name])
    else:
        files[name] = as_file(mutated(chance, files[name].decode()))
    return files


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Leave just these files in a folder."""
    for path in [*folder.rglob("*.*")]:
        path.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def try_files(seed: int) -> list[str]:
    """Read folders with one spoilt file; give what went wrong, if anything did."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        again = PackReader(folder)
        return try_turns(seed, _AT_A_TIME, lambda chance, _: _try(folder, again, _mutation(chance)))


def _try(folder: Path, again: PackReader, files: Files) -> list[str]:
    _write(folder, files)
    start = time.process_time()
    verdict = outcome(PackReader(folder))
    spent = time.process_time() - start
    wrong = _misplaced(verdict, files)
    if spent > _SLOW_S:
        wrong.append(f"took {spent:.1f} s")
    if outcome(again) != verdict:
        wrong.append("a reader that knew another file before says otherwise")
    if isinstance(verdict, bytes):
        load_pack(verdict)
    return wrong


def _misplaced(verdict: bytes | tuple[str, ...], files: Files) -> list[str]:
    """Give the faults that are not at a place of one of the files."""
    if isinstance(verdict, bytes):
        return []
    wrong = [] if verdict else ["refused, and no fault is told"]
    for fault in verdict:
        match = _FAULT.fullmatch(fault)
        if match is None or match[1] not in files:
            wrong.append(f"no place: {fault[:200]}")
            continue
        if not fault.isprintable() or len(fault) > _LONGEST:
            wrong.append(f"more than one line: {fault!r}")
        # YAML ends lines at more signs than one.
        lines = len(re.split(rb"\r\n|[\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9]", files[match[1]]))
        if not 1 <= int(match[2]) <= lines + 1 or int(match[3]) < 1:
            wrong.append(f"outside of the file: {fault[:200]}")
    return wrong


@pytest.mark.timeout(3_600)
def test_a_spoilt_rule_file_is_read_or_refused_where_it_is_spoilt(trials: Trials) -> None:
    found = trials.run(try_files, usual=1_000 // _AT_A_TIME, long=40_000 // _AT_A_TIME)

    assert found == [], "\n".join(found)
