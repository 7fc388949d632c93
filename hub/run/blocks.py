"""Large blocks of memory, given back to the machine as soon as nobody uses them.

Once a large block was freed, the C library of Linux takes the next ones from a heap that shrinks
only at its end: a file of a million prices would leave 75 MB of holes in it for good.
"""

import ctypes
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Names of settings in mallopt(3). What is set does not rise by itself any more."""
_LARGE: Final = 500_000


def give_large_blocks_back() -> None:
    """Have blocks of over half a megabyte given back once freed, where the C library knows how."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, 8 * _LARGE)
