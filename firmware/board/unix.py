"""The twin of a board: the same program on a computer, with files for pins."""

import asyncio
import os
import select
import sys

from firmware.board.base import BaseBoard

BLOCKS = 212
"""Of 4 kB: the flash that a Pico W has for files."""


class Board(BaseBoard):
    """A terminal in a folder; scanner and printer are paths of ptys, `-` is the console."""

    def __init__(self, folder: str, *, scanner: str = "-", printer: str = "") -> None:
        super().__init__()
        self.folder = folder
        source = sys.stdin.buffer if scanner == "-" else open(scanner, "rb")
        self.scanner = asyncio.StreamReader(source)
        self._printer_file = None
        if printer == "-":
            self.printer = printer
        elif printer:
            self._printer_file = open(printer, "r+b")
            self.printer = asyncio.StreamReader(self._printer_file)

    def forget_printer_input(self) -> None:
        """Drop what the printer said before."""
        if self._printer_file is None:
            return
        poller = select.poll()
        poller.register(self._printer_file, select.POLLIN)
        while poller.poll(0):
            if not self._printer_file.read(1):
                return


def make_board(arguments: "list[str]") -> Board:
    """Make the twin from a command line: `--folder F [--scanner PTY] [--printer PTY] [--flash F]`.

    With `--flash` the folder is a LittleFS in that file. Where the file is not there, it is made of
    `--blocks` blocks of 4 kB, or as many as a Pico W has.
    """
    told = _options(arguments)
    board = Board(
        folder_of(arguments), scanner=told.get("scanner", "-"), printer=told.get("printer", "")
    )
    board.takes_updates = "flash" not in told  # it is mounted too late for them
    return board


def folder_of(arguments: "list[str]", *, must_exist: bool = False) -> str:
    """Give the folder of the records that a command line names, mounted. Raises OSError."""
    told = _options(arguments)
    if "flash" not in told:
        return told.get("folder", ".")
    if must_exist:
        os.stat(told["flash"])
    return mount_flash(told["flash"], int(told.get("blocks", BLOCKS)))


def _options(arguments: "list[str]") -> "dict[str, str]":
    pairs = range(0, len(arguments) - 1, 2)
    return {arguments[at].lstrip("-"): arguments[at + 1] for at in pairs}


def mount_flash(path: str, blocks: int = BLOCKS) -> str:
    """Mount the LittleFS in a file, which is made of so many blocks where it is not there."""
    import vfs

    from firmware.board import file_flash

    try:
        blocks = os.stat(path)[6] // file_flash.BLOCK
        flash: Any = file_flash.FileFlash(path, blocks)
        vfs.mount(vfs.VfsLfs2(flash), "/flash")
    except OSError:
        flash = file_flash.FileFlash(path, blocks)
        flash.make()
        vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), "/flash")
    return "/flash"
