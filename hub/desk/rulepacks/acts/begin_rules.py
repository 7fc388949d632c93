"""Make the first rules of a hub from a few answers, and have them decide at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.first_pack import FirstPack, first_files
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.store import set_up_pack


@dataclass(slots=True)
class BeginRules:
    """The act, with what it needs; `check` reads rule files and runs their cases."""

    transactions: Transactions
    clock: Clock
    check: Callable[[Mapping[str, bytes]], PackedPack]

    def __call__(self, asked: FirstPack, *, by: str) -> bool:
        """Publish the first rules without a second person; False where rules serve already."""
        pack = self.check(first_files(asked))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            made = set_up_pack(t, pack) == ""
            for topic in ("packs", "terminals"):
                t.changed(topic)
            t.commit()
        return made
