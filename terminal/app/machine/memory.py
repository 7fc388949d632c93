"""Memory that the counter need not take, or does not need any more: given back to the machine."""

import contextlib
import ctypes
import gc
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Final

_TRIM: Final = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back() -> None:
    """Give freed memory back: the C library keeps it, where it lies between what is in use.

    A rule pack of 1,000 schemes leaves 2 MiB of its text, an order of 500 lines as much. It takes
    a millisecond: nobody waits for it between two orders.
    """
    if _TRIM is not None:
        _TRIM(0)


def keep_for_good() -> None:
    """Collect garbage now, and let the collector look no more at anything that is left.

    What is garbage at that moment would else stay for good as well: of a start that is 1 to 2 MiB,
    as every class with slots is made twice.
    """
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def importing_without(module: str) -> Iterator[None]:
    """Let code be imported that imports a module which it never uses on a terminal.

    That code gets an empty module in its place, and whoever imports the module later the real one.
    One that has been imported already stays what it is.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = ModuleType(module)
    try:
        yield
    finally:
        del sys.modules[module]
