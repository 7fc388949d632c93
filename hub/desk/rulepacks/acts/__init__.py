"""The acts on rule packs, and the key that signs them."""

from dataclasses import dataclass
from typing import Protocol

from hub.desk.rulepacks.acts.add_pack import AddPack
from hub.desk.rulepacks.acts.begin_rules import BeginRules
from hub.desk.rulepacks.acts.call_off_pack import CallOffPack
from hub.desk.rulepacks.acts.check_files import CheckPack
from hub.desk.rulepacks.acts.drop_pack import DropPack
from hub.desk.rulepacks.acts.foresee_pack import ForeseePack
from hub.desk.rulepacks.acts.publish_pack import PublishPack
from hub.desk.rulepacks.acts.roll_back_pack import RollBackPack
from hub.desk.rulepacks.acts.shadow_pack import ShadowPack


class Signer(Protocol):
    """Signs packs with the hub's own key."""

    @property
    def public(self) -> str:
        """Give the public key as the line that terminals are given."""

    def sign(self, digest: str) -> str:
        """Sign the hash of a pack."""


@dataclass(frozen=True, slots=True)
class PackActs:
    """What can be done with versions of the rule pack."""

    begin: BeginRules
    check: CheckPack
    add: AddPack
    shadow: ShadowPack
    foresee: ForeseePack
    publish: PublishPack
    call_off: CallOffPack
    drop: DropPack
    roll_back: RollBackPack
    signer: Signer
