"""Rule files: from YAML and CSV to a checked pack, with every fault named."""

from rules.language.reader import PackReader, read_pack
from rules.language.renumbering import following, renumbered
from rules.language.text.faults import PackError

__all__ = ["PackError", "PackReader", "following", "read_pack", "renumbered"]
