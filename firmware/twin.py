"""Runs the firmware on this machine with its code in ROM, as an image of a board's own has it.

    .venv-firmware/bin/python firmware/twin.py OUT.rom 128k main --flash /tmp/flash.bin

`OUT.rom` is what `build.py host OUT` wrote, then the heap's size and the module to run with its own
arguments: one of the firmware's by its name, or any other by the path of its source, which is in
the heap. It runs on Python, inside which MicroPython is, and is not on a board: the file is mapped
into memory outside of MicroPython's heap, where code is run from as from a flash chip.
"""

import ctypes
import mmap
import sys
from pathlib import Path

_MOUNTED = """import sys, uctypes, vfs
vfs.mount(vfs.VfsRom(uctypes.bytearray_at({address}, {size})), "/rom")
sys.path[:] = ["/rom", {folder!r}, ".frozen"]
from {module} import main
main()
"""


def run(rom: Path, module: str, arguments: "list[str]", *, heap: str) -> int:
    """Run a module's `main` beside a read-only file system; gives its exit code.

    `module` is one of the firmware's, or the path of a source.
    """
    from micropython_run import run_main  # the interpreter, a library of this Python

    size = rom.stat().st_size
    with rom.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), size, flags=mmap.MAP_PRIVATE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
    source = Path(module)
    name = source.stem if source.suffix else "firmware." + module
    code = _MOUNTED.format(address=address, size=size, module=name, folder=str(source.parent))
    return run_main(["micropython", "-X", f"heapsize={heap}", "-c", code, *arguments])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(run(Path(sys.argv[1]), sys.argv[3], sys.argv[4:], heap=sys.argv[2]))
