"""Rule files: from YAML and CSV to a checked pack, with every fault named.

What reads rule files is imported where it is first asked for: whoever decides by a pack asks this
package for words alone, and a counter that starts must not wait for a reader that it never uses.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rules.language.prices import price_files
    from rules.language.reader import PackReader, read_pack
    from rules.language.renumbering import following, renumbered
    from rules.language.text.faults import PackError

__all__ = ["PackError", "PackReader", "following", "price_files", "read_pack", "renumbered"]

_HOMES: Final = {
    "PackError": "text.faults",
    "PackReader": "reader",
    "following": "renumbering",
    "price_files": "prices",
    "read_pack": "reader",
    "renumbered": "renumbering",
}


def __getattr__(name: str) -> object:
    """Give one of the public names."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
