"""A flash chip in memory that dies in the middle of a write, as at a power cut."""

# Returned, not raised: an exception would jump out of the middle of LittleFS.
_FAILED = -5


class DyingFlash:
    """Blocks for LittleFS. After `left` programs and erases the next one is torn, and all fails.

    `programs` and `erases` count what the chip had to do; `wear` counts the erases of each block.
    """

    def __init__(self, blocks=64, block_size=4096):
        self.block_size = block_size
        self.content = bytearray(b"\xff" * (blocks * block_size))
        self.wear = [0] * blocks
        self.programs = 0
        self.erases = 0
        self.left = -1
        self.is_dead = False

    def die_after(self, writes):
        """Let so many programs and erases through; the next one is torn."""
        self.left = writes

    def revive(self):
        """Bring the power back."""
        self.left = -1
        self.is_dead = False

    def readblocks(self, block, buffer, offset=0):
        """Read."""
        if self.is_dead:
            return _FAILED
        at = block * self.block_size + offset
        buffer[:] = self.content[at : at + len(buffer)]
        return 0

    def writeblocks(self, block, buffer, offset=0):
        """Program; torn where the power goes: the first half is there."""
        if self.is_dead:
            return _FAILED
        torn = self._spend()
        at = block * self.block_size + offset
        size = len(buffer) // 2 if torn else len(buffer)
        self.content[at : at + size] = buffer[:size]
        self.programs += 1
        return _FAILED if torn else 0

    def ioctl(self, op, block):
        """Tell the size, and erase."""
        if op == 4:
            return len(self.wear)
        if op == 5:
            return self.block_size
        if op == 6:
            return self._erase(block)
        return 0

    def _erase(self, block):
        if self.is_dead:
            return _FAILED
        torn = self._spend()
        size = self.block_size // 2 if torn else self.block_size
        at = block * self.block_size
        self.content[at : at + size] = b"\xff" * size
        self.wear[block] += 1
        self.erases += 1
        return _FAILED if torn else 0

    def _spend(self):
        """Use up one write; True for the one that is torn."""
        if self.left == 0:
            self.is_dead = True
            return True
        if self.left > 0:
            self.left -= 1
        return False
