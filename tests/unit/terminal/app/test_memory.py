"""What a counter keeps in memory for good, and what it never takes."""

import gc
import sys
import weakref

from terminal.app.machine.memory import importing_without, keep_for_good


class Circle:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.self = self


def test_what_is_garbage_is_not_kept_for_good() -> None:
    gc.disable()
    circle = weakref.ref(Circle())
    try:
        keep_for_good()
        gc.collect()

        assert circle() is None
    finally:
        gc.unfreeze()
        gc.enable()


def test_a_module_that_is_spared_can_be_imported_later() -> None:
    with importing_without("this"):
        import this as empty  # noqa: PLC0415

    assert not hasattr(empty, "s")
    assert "this" not in sys.modules
