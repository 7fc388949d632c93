"""Starts the terminal on a flash whose power is cut in the middle of its Nth write or erase."""

import os

from firmware.board import file_flash

WHOLE = file_flash.FileFlash


class TearingFlash(WHOLE):
    """A chip that is left with half of what was to be written, and a process that is gone."""

    left = int(os.getenv("TEAR_AFTER"))

    def writeblocks(self, block, buffer, offset=0):
        """Program; at the cut, the first half."""
        TearingFlash.left -= 1
        if TearingFlash.left < 0:
            WHOLE.writeblocks(self, block, memoryview(buffer)[: len(buffer) // 2], offset)
            os.system("kill -9 $PPID")  # noqa: S605  # as sudden as a power cut
        return WHOLE.writeblocks(self, block, buffer, offset)

    def erase(self, block):
        """Erase; at the cut, not at all."""
        TearingFlash.left -= 1
        if TearingFlash.left < 0:
            os.system("kill -9 $PPID")  # noqa: S605  # as sudden as a power cut
        return WHOLE.erase(self, block)


file_flash.FileFlash = TearingFlash

from firmware.main import main  # noqa: E402  # the chip can tear from its first block

if __name__ == "__main__":
    main()
