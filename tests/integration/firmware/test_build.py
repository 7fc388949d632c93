"""The firmware as byte code of the boards, and its types by what the boards have."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from firmware.build import SOURCES, build, modules, write_frozen
from tests.builders.own_environment import own_folder
from tests.conftest import find_python_311
from tests.fixtures.firmware import served

ROOT = Path(__file__).parents[3]
TYPES = ROOT / "tests" / "builders" / "firmware_types"
MOST_BYTES = 83_500
"""What of a Pico W's 264 kB the byte code may take: what stays, and the largest of the rest.

Of this much, copied as files, 103 kB of a 32-bit heap are taken from the start; with 192 kB, as
a Pico W has left beside its Wi-Fi, 200 orders with cuts of line and power were lived through.
"""

NOW_AND_THEN = {
    "printing": ("slips", "escpos", "layout", "core/slip", "answers"),
    "reports": ("reports", "slips", "escpos", "layout", "core/slip", "questions"),
    "tables": ("building", "table_writing", "own_list"),
    "updates": ("following", "updates", "signature", "fetching"),
    "links": ("links",),
    "claims": ("app/claims",),
}
"""Code that is let go of when its work is done, by what it is loaded for: no two at a time."""

MOST_NAMES = 1_160
"""Fewer than 1,260 by a hundred, as names come while it runs."""

ON_PYTHON = {"build.py", "claim.py", "release.py", "twin.py"}

pytestmark = pytest.mark.needs("micropython")


@pytest.mark.parametrize("target", ["armv6m", "xtensawin"])
def test_every_module_compiles_for_a_board_and_all_are_small(
    target: str, mpy_cross: Path, tmp_path: Path
) -> None:
    sizes = build(target, tmp_path, mpy_cross)

    works = {
        work: sum(size for name, size in sizes.items() if name.removesuffix(".py").endswith(parts))
        for work, parts in NOW_AND_THEN.items()
    }
    brief = tuple(part for parts in NOW_AND_THEN.values() for part in parts)
    stays = sum(n for name, n in sizes.items() if not name.removesuffix(".py").endswith(brief))
    print(f"{target}: {len(sizes)} modules, {sum(sizes.values())} bytes, {stays} stay: {works}")
    assert stays + max(works.values()) < MOST_BYTES
    assert {name.rsplit("/")[-1] for name in sizes} >= {"main.py", "boot.py", "chip.py"}
    assert not {*ON_PYTHON, "unix.py"} & {name.rsplit("/")[-1] for name in sizes}


def test_a_package_for_mip_names_every_file_that_a_board_needs(
    mpy_cross: Path, tmp_path: Path
) -> None:
    """Installed by MicroPython's own mip, over HTTP, it is the same folder again."""
    built, board = tmp_path / "built", tmp_path / "board"
    build("armv6m", built, mpy_cross)
    board.mkdir()
    with served(built) as url:
        done = subprocess.run(
            [
                *(mpy_cross.with_name("micropython"), "-c"),
                f"import mip; mip.install('{url}/package.json', target='{board}')",
            ],
            capture_output=True,
            text=True,
            check=False,
        )

    installed = {path.relative_to(board) for path in board.rglob("*") if path.is_file()}
    there = {path.relative_to(built) for path in built.rglob("*") if path.is_file()}
    assert there - installed == {Path("package.json")}, done.stdout + done.stderr
    assert {"main.py", "boot.py", "slots.mpy"} <= {path.name for path in installed}
    assert all((board / path).read_bytes() == (built / path).read_bytes() for path in installed)


def test_the_manifest_freezes_every_module_of_the_boards_and_what_starts_them(
    tmp_path: Path,
) -> None:
    write_frozen(tmp_path)
    packages, named = [], []

    exec(  # noqa: S102  # as MicroPython's build reads it
        (tmp_path / "manifest.py").read_text(),
        {
            "include": lambda _: None,
            "package": lambda name, base_path: packages.append((name, base_path)),
            "module": lambda name, base_path: named.append((name, base_path)),
        },
    )

    frozen = {
        path.relative_to(tmp_path)
        for name, _ in packages
        for path in (tmp_path / name).rglob("*.py")
    }
    assert frozen == {path.relative_to(SOURCES.parent) for path in modules("armv6m")}
    assert {name for name, _ in named} == {"slots.py", "boot.py", "main.py"}
    assert all((tmp_path / name).is_file() for name, _ in named)


def test_all_names_fit_into_the_tables_that_a_board_has_room_for(
    micropython: Path, firmware_twin: Path
) -> None:
    """The name beyond 1,260 once took 14 kB, and orders were left in the outbox for it."""
    names = [
        ".".join(path.relative_to(firmware_twin).with_suffix("").parts)
        for path in sorted((firmware_twin / "firmware").rglob("*.mpy"))
        if path.name not in ("audit.mpy", "__init__.mpy")
    ]
    imports = "".join(f"import {name}\n" for name in names)

    done = subprocess.run(
        [str(micropython), "-c", imports + "import micropython\nmicropython.qstr_info()"],
        cwd=firmware_twin,  # not in the sources, whose names are whole
        env={"MICROPYPATH": ".:.frozen"},
        capture_output=True,
        text=True,
        check=False,
    )

    found = re.search(r"n_qstr=(\d+)", done.stdout)
    assert found, done.stdout + done.stderr
    print(f"{len(names)} modules, {found[1]} names")
    assert int(found[1]) < MOST_NAMES


def test_every_module_is_for_some_machine() -> None:
    named = {*modules("armv6m"), *modules("host")}

    assert {path.name for path in set(SOURCES.rglob("*.py")) - named} == ON_PYTHON


@pytest.mark.xdist_group("firmware types")
@pytest.mark.parametrize("board", ["esp32", "pico-w"])
def test_types_are_those_of_the_board(board: str, micropython: Path, tmp_path: Path) -> None:
    python = find_python_311()
    assert python is not None
    stubs = own_folder(f"firmware-{board}", python)
    shutil.copytree(ROOT / "firmware", tmp_path / "firmware")
    for name in ON_PYTHON:
        (tmp_path / "firmware" / name).unlink()
    config = {
        "include": ["firmware"],
        "stubPath": str(TYPES),
        "typeshedPath": str(stubs),
        "extraPaths": [str(tmp_path), str(stubs)],
        "typeCheckingMode": "basic",
        "reportMissingModuleSource": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))

    done = subprocess.run(
        [str(micropython.parent / "basedpyright"), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "0 errors" in done.stdout
