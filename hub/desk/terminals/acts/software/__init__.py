"""Updates of terminals: handed over, offered in stages, watched."""

from dataclasses import dataclass

from hub.desk.terminals.acts.software.add_update import LARGEST_UPDATE, AddUpdate
from hub.desk.terminals.acts.software.stage_update import StageUpdate
from hub.desk.terminals.acts.software.watch_updates import WatchUpdates
from hub.desk.terminals.store.software.files import SoftwareFiles


@dataclass(frozen=True, slots=True)
class SoftwareActs:
    """The acts, and where the bundles are."""

    add: AddUpdate
    stage: StageUpdate
    watch: WatchUpdates
    files: SoftwareFiles


__all__ = ["LARGEST_UPDATE", "AddUpdate", "SoftwareActs", "StageUpdate", "WatchUpdates"]
