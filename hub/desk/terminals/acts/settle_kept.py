"""Settle what a terminal keeps and cannot give back: a person knows of it, and the hub goes on."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.terminals.model import TerminalError
from hub.desk.terminals.store.presence import keep_settled
from hub.desk.terminals.store.settling import Settled, settle_kept


@dataclass(slots=True)
class SettleKept:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, terminal: str, *, by: str, why: str) -> Settled:
        """Take orders that a terminal keeps and the hub refused, or never got, as settled.

        Nothing is decided on them: whoever settles has called the shop, or placed them again.
        Raises TerminalError.
        """
        if not why.strip():
            raise TerminalError("say why with --reason: the next who looks has to know")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            settled = settle_kept(t, terminal)
            if settled is None:
                raise TerminalError(f"terminal {terminal!r} keeps nothing that is not here")
            keep_settled(
                t,
                terminal,
                f"{by} settled {settled.missing} orders of {terminal}, numbers {settled.first} to "
                f"{settled.last}, that are not here: {why.strip()}",
            )
            t.changed("terminals")
            t.commit()
        return settled
