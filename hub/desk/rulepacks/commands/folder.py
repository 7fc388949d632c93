"""A folder of rule files as bytes for the hub, with faults as a command tells them."""

from pathlib import Path

from hub.base.commands import CommandError
from hub.desk.rulepacks.acts.check_files import FilesError, check_folder
from hub.desk.rulepacks.model.packed import PackedPack


def read_pack_folder(folder: Path, *, shown: str = "") -> PackedPack:
    """Read and check a rule pack; `shown` goes before each fault. Raises CommandError with all."""
    try:
        return check_folder(folder)
    except FilesError as error:
        raise CommandError("\n".join(f"{shown}{fault}" for fault in error.faults)) from error
