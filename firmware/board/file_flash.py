"""A flash chip in a file, of blocks like those of a Pico W's."""

BLOCK = 4096

_FAILED = -5
_ERASED = b"\xff" * 256


class FileFlash:
    """Blocks for LittleFS. `programs` and `erases` count what the chip had to do.

    A fault is returned, not raised: an exception would jump out of the middle of LittleFS.
    """

    def __init__(self, path: str, blocks: int) -> None:
        self._path = path
        self._blocks = blocks
        self._file = None
        self.programs = 0
        self.erases = 0

    def make(self) -> None:
        """Make an erased chip."""
        with open(self._path, "wb") as stream:
            for _ in range(self._blocks * BLOCK // len(_ERASED)):
                stream.write(_ERASED)
        self._file = None

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> int:
        """Read."""
        stream = self._opened()
        if stream is None:
            return _FAILED
        stream.seek(block * BLOCK + offset)
        stream.readinto(buffer)
        return 0

    def writeblocks(self, block: int, buffer: bytearray, offset: int = 0) -> int:
        """Program."""
        stream = self._opened()
        if stream is None:
            return _FAILED
        stream.seek(block * BLOCK + offset)
        stream.write(buffer)
        self.programs += 1
        return 0

    def ioctl(self, op: int, block: int) -> int:
        """Tell the size, and erase."""
        if op == 4:
            return self._blocks
        if op == 5:
            return BLOCK
        if op == 6:
            self.erases += 1
            return self.erase(block)
        return 0

    def erase(self, block: int) -> int:
        """Erase a block."""
        stream = self._opened()
        if stream is None:
            return _FAILED
        stream.seek(block * BLOCK)
        for _ in range(BLOCK // len(_ERASED)):
            stream.write(_ERASED)
        return 0

    def _opened(self) -> "BinaryIO | None":
        if self._file is None:
            try:
                self._file = open(self._path, "r+b")
            except OSError:
                return None
        return self._file
