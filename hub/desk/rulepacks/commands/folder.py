"""A folder of rule files as bytes for the hub, with faults as a command tells them."""

from datetime import date
from pathlib import Path

from hub.base.commands import CommandError
from hub.desk.rulepacks.acts.check_files import NOTHING_KNOWN, FilesError, check_folder
from hub.desk.rulepacks.model.packed import PackedPack
from rules.tools.lint.catalogue import Catalogue


def read_pack_folder(
    folder: Path,
    *,
    shown: str = "",
    not_before: date | None = None,
    known: Catalogue = NOTHING_KNOWN,
) -> PackedPack:
    """Read and check a rule pack; `shown` goes before each fault. Raises CommandError with all."""
    try:
        return check_folder(folder, not_before=not_before, known=known)
    except FilesError as error:
        raise CommandError("\n".join(f"{shown}{fault}" for fault in error.faults)) from error
