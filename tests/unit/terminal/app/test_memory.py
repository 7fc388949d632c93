"""What a counter keeps in memory for good, and what it never takes."""

import gc
import subprocess
import sys
import weakref

from terminal.app.machine.memory import importing_without, keep_for_good

_STARTED = """
import sys
import terminal.app
import msgspec
from zoneinfo import ZoneInfo
named = [one for one in sys.modules if one.startswith(("_sysconfigdata", "msgspec.inspect"))]
print(named, msgspec.json.schema(dict)["type"], ZoneInfo("Asia/Kolkata"))
"""


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
        import this as spared  # noqa: PLC0415

        assert not hasattr(spared, "s")

    assert "this" not in sys.modules


def test_a_module_that_was_spared_is_there_for_whoever_asks_for_something_of_it() -> None:
    with importing_without("tabnanny"):
        import tabnanny as spared  # noqa: PLC0415

    assert issubclass(spared.NannyNag, Exception)


def test_a_counter_imports_neither_how_python_was_built_nor_what_makes_schemas() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _STARTED], capture_output=True, text=True, check=True
    )

    assert found.stdout.split() == ["[]", "object", "Asia/Kolkata"]
