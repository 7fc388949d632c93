"""Where a message of the hub is put while it comes: a short one in memory, a long one on flash."""

from firmware.flash.records import FileSpan
from firmware.flash.table import remove
from firmware.mqtt.client import Room

IN_MEMORY = 1280
LONGEST = 60 * 1024
"""The longest message that is taken whole: what one record holds."""

_FILE = "/incoming"


class Incoming(Room):
    """Room for one message, of which memory holds the start; where the flash is full, only that."""

    def __init__(self, folder: str, *, size: int = IN_MEMORY, longest: int = LONGEST) -> None:
        super().__init__(size)
        self._path = folder + _FILE
        self._longest = longest
        self._in_memory = 0
        self._file: BinaryIO | None = None
        remove(self._path)

    def begin(self) -> None:
        """Take another message, and let go of the one before."""
        self._close()
        remove(self._path)
        super().begin()

    def add(self, chunk: bytes) -> None:
        """Take the next bytes: into memory as long as there is some, then into a file."""
        if self._file is None and self.kept + len(chunk) <= len(self.memory) and self.is_whole:
            super().add(chunk)
            return
        if self.is_whole:  # what comes after a gap is no start of the message
            try:
                self._spill(chunk)
            except OSError:
                self.give_up()
        self.length += len(chunk)

    def _spill(self, chunk: bytes) -> None:
        stream = self._file
        if stream is None:
            self._in_memory = self.kept
            self._file = stream = open(self._path, "wb")
            stream.write(memoryview(self.memory)[: self.kept])
        if self.kept + len(chunk) <= self._longest:
            stream.write(chunk)
            self.kept += len(chunk)

    def content(self) -> "Buffer":
        """Give what was kept, until the next one begins."""
        try:
            if self._file is not None:
                self._file.flush()
                return FileSpan(self._path, 0, self.kept)
        except OSError:
            self.give_up()
        return super().content()

    def give_up(self) -> None:
        """Give up the file; the start of the message is in memory, too."""
        self._close()
        remove(self._path)
        self.kept = self._in_memory

    def _close(self) -> None:
        stream, self._file = self._file, None
        if stream is not None:
            try:
                stream.close()
            except OSError:  # the flash is full: what lacks is of no use any more
                return
