"""The twin of a board: the same program on a computer, with files for pins."""

import asyncio
import os
import select
import sys

from firmware.board.base import BaseBoard


class Board(BaseBoard):
    """A terminal in a folder; scanner and printer are paths of ptys, `-` is standard input."""

    def __init__(self, folder: str, *, scanner: str = "-", printer: str = "") -> None:
        super().__init__()
        self.folder = folder
        source = sys.stdin.buffer if scanner == "-" else open(scanner, "rb")
        self.scanner = asyncio.StreamReader(source)
        if printer:
            self._printer_file = open(printer, "r+b")
            self.printer = asyncio.StreamReader(self._printer_file)

    def forget_printer_input(self) -> None:
        """Drop what the printer said before."""
        poller = select.poll()
        poller.register(self._printer_file, select.POLLIN)
        while poller.poll(0):
            if not self._printer_file.read(1):
                return


def make_board(arguments: "list[str]") -> Board:
    """Make the twin from a command line: `--folder F [--scanner PTY] [--printer PTY] [--flash F]`.

    With `--flash` the folder is a LittleFS in that file, which is made where it is not there.
    """
    told = {}
    for at in range(0, len(arguments) - 1, 2):
        told[arguments[at].lstrip("-")] = arguments[at + 1]
    folder = told.get("folder", ".")
    if "flash" in told:
        folder = mount_flash(told["flash"])
    return Board(folder, scanner=told.get("scanner", "-"), printer=told.get("printer", ""))


def mount_flash(path: str) -> str:
    """Mount the LittleFS in a file; gives its folder."""
    import vfs

    from firmware.board.file_flash import FileFlash

    flash: Any = FileFlash(path)
    try:
        os.stat(path)
        vfs.mount(vfs.VfsLfs2(flash), "/flash")
    except OSError:
        flash.make()
        vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), "/flash")
    return "/flash"
