"""Rule files: from YAML and CSV to a checked pack, with every fault named."""

from rules.language.reader import read_pack
from rules.language.text.faults import PackError

__all__ = ["PackError", "read_pack"]
