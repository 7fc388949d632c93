"""Rule packs as rows, and in memory: versions, the pack in force, packs compiled ahead."""

from hub.desk.rulepacks.store.in_force import PackInForce, serving_hash
from hub.desk.rulepacks.store.ready import ReadyPacks
from hub.desk.rulepacks.store.set_up import set_up_pack
from hub.desk.rulepacks.store.snapshots import StoredSnapshots

__all__ = ["PackInForce", "ReadyPacks", "StoredSnapshots", "serving_hash", "set_up_pack"]
