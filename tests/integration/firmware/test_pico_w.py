"""The core of the firmware on an emulated Pico W: 32 bits, and no more memory than it has."""

import os
import subprocess
from pathlib import Path

import pytest

from firmware.build import build
from tests.builders.micropython import CASES, run_script

pytestmark = [pytest.mark.needs("micropython"), pytest.mark.needs("pico w image")]

ENDING = """
for name in sorted(globals()):
    if name.startswith("test_"):
        globals()[name]()
print("cases", "done")
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("module", ["codes", "orders", "outboxes"])
def test_the_core_is_the_same_on_32_bits(
    module: str, micropython: Path, mpy_cross: Path, tmp_path: Path
) -> None:
    build("armv6m", tmp_path / "board", mpy_cross)
    for name in ("main.py", "boot.py"):  # the cases run in their place
        (tmp_path / "board" / name).unlink()
    run_script(micropython, "make_image", str(tmp_path / "board.img"), str(tmp_path / "board"))
    script = tmp_path / "cases.py"
    script.write_text((CASES / f"{module}.py").read_text() + ENDING)

    done = subprocess.run(
        [
            *(str(micropython.parent / "rp2040py"), "micropython", "--board", "pico_w"),
            *("--image", os.environ["ORDERWIRE_PICO_W_UF2"]),
            *("--littlefs", str(tmp_path / "board.img")),
            str(script),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "cases done" in done.stdout
