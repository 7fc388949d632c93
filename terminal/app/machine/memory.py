"""Memory that the counter need not take, or does not need any more: given back to the machine."""

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Final

_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None
_TRIM: Final = getattr(_LIBC, "malloc_trim", None)
_ARENA_MAX: Final = -8
"""M_ARENA_MAX of the GNU C library's `mallopt`."""
_ZONES: Final = "PYTHONTZPATH"
_USUAL_FOLDERS: Final = os.pathsep.join(
    f"/{above}/zoneinfo" for above in ("usr/share", "usr/lib", "usr/share/lib", "etc")
)


def keep_one_heap() -> None:
    """Have threads that are begun from now on allocate where all do.

    The GNU C library gives each a heap of its own, which saves waiting that Python never does:
    0.4 MiB of a counter.
    """
    set_option = getattr(_LIBC, "mallopt", None)
    if set_option is not None:
        set_option(_ARENA_MAX, 1)


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

    That code gets a stand-in, which imports the module when something of it is asked for after
    all; whoever imports the module later gets the module itself. One that has been imported
    already stays what it is.
    """
    if module in sys.modules:
        yield
        return
    stand_in = ModuleType(module)
    sys.modules[module] = stand_in
    try:
        yield
    finally:
        del sys.modules[module]
        # From now on: an import looks for attributes of its own, which are not to load anything.
        setattr(stand_in, "__getattr__", lambda name: getattr(import_module(module), name))  # noqa: B010


@contextlib.contextmanager
def finding_zones_as_usual() -> Iterator[None]:
    """Let `zoneinfo` be imported without how Python was built, which it asks for its folders.

    The folders are Python's own usual ones; those that somebody set stay.
    """
    if _ZONES in os.environ or sys.platform != "linux":
        yield
        return
    os.environ[_ZONES] = _USUAL_FOLDERS
    try:
        yield
    finally:
        del os.environ[_ZONES]
