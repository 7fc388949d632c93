"""The firmware as byte code of the boards, and its types by what the boards have."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from firmware.build import SOURCES, build, modules
from tests.builders.own_environment import own_folder
from tests.conftest import find_python_311

ROOT = Path(__file__).parents[3]
TYPES = ROOT / "tests" / "builders" / "firmware_types"
MOST_BYTES = 80_000
"""What of a Pico W's 264 kB the byte code may take."""

pytestmark = pytest.mark.needs("micropython")


@pytest.mark.parametrize("target", ["armv6m", "xtensawin"])
def test_every_module_compiles_for_a_board_and_all_are_small(
    target: str, mpy_cross: Path, tmp_path: Path
) -> None:
    sizes = build(target, tmp_path, mpy_cross)

    print(f"{target}: {len(sizes)} modules, {sum(sizes.values())} bytes")
    assert sum(sizes.values()) < MOST_BYTES
    assert {name.rsplit("/")[-1] for name in sizes} >= {"main.py", "boot.py", "chip.py"}
    assert not {"build.py", "claim.py", "twin.py", "unix.py"} & {
        name.rsplit("/")[-1] for name in sizes
    }


def test_every_module_is_for_some_machine() -> None:
    named = {*modules("armv6m"), *modules("host")}

    assert {path.name for path in set(SOURCES.rglob("*.py")) - named} == {
        "build.py",
        "claim.py",
        "twin.py",
    }


@pytest.mark.xdist_group("firmware types")
@pytest.mark.parametrize("board", ["esp32", "pico-w"])
def test_types_are_those_of_the_board(board: str, micropython: Path, tmp_path: Path) -> None:
    python = find_python_311()
    assert python is not None
    stubs = own_folder(f"firmware-{board}", python)
    shutil.copytree(ROOT / "firmware", tmp_path / "firmware")
    for name in ("build.py", "claim.py", "twin.py"):
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
