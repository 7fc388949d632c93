"""Rule files: from YAML and CSV to a checked pack, with every fault named."""

from rules.language.faults import PackError
from rules.language.reader import read_pack

__all__ = ["PackError", "read_pack"]
