"""Load a distributor's folder: all of it in one transaction, or nothing."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.model import Distributor, Secrets
from hub.desk.terminals.store.house.loading import Loaded, LoadRefusedError, write_distributor
from rules.tools.lint.linting import KEPT_SCALE, say_unkept

__all__ = ["LoadDistributor", "LoadRefusedError", "Loaded"]


@dataclass(slots=True)
class LoadDistributor:
    """The act, with what it needs."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock

    def __call__(self, distributor: Distributor, pack: PackedPack, *, by: str = "load") -> Loaded:
        """Add and change what differs; raises LoadRefusedError where the folder does not fit.

        Payments, limits, claims and what customers owe have two decimals: of a pack of three, an
        invoice of 10.500 would be owed as 105.00, and one of 105 with none as 1.05.
        """
        if pack.compiled.scale != KEPT_SCALE:
            raise LoadRefusedError(f"pack/pack.yaml: {say_unkept(pack.compiled.scale)}")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            loaded = write_distributor(t, distributor, pack, secrets=self.secrets)
            t.commit()
        return loaded
