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
    """Let the collector of garbage look no more at what is there now, once it has taken its share.

    What is garbage at that moment would else stay for good as well: of a start that is 1 to 2 MiB,
    as every class with slots is made twice.
    """
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def importing_without(module: str) -> Iterator[None]:
    """Spare a module that what is imported meanwhile imports, too, and does not use as it is here.

    An empty one stands in its place until then; one that is there already stays.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = ModuleType(module)
    try:
        yield
    finally:
        del sys.modules[module]
