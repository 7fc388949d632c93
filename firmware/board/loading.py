"""Lets go of code that is needed now and then: the heap of a board is too small for all of it."""

import sys


def let_go(*modules: str) -> None:
    """Forget modules; whoever needs one imports it again. Nobody may hold on to what is in it."""
    for name in modules:
        folder, _, own = name.rpartition(".")
        if sys.modules.pop(name, None) is not None and hasattr(sys.modules[folder], own):
            delattr(sys.modules[folder], own)
