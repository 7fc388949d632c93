"""Settle what a terminal keeps and cannot give back: a person knows of it, and the hub goes on."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.terminals.model import TerminalError
from hub.desk.terminals.store.awaiting import await_no_more, awaited_among
from hub.desk.terminals.store.presence import keep_settled
from hub.desk.terminals.store.settling import Settled, settle_kept


def _what(settled: Settled, terminal: str, *, was_heard: bool) -> str:
    """Say what was settled."""
    if not settled.last and was_heard:
        return f"that {terminal} did not give back what may have gone on in books put back"
    if not settled.last:
        return f"that {terminal} was not heard since the books were put back"
    numbers = f"numbers {settled.first} to {settled.last}"
    return f"{settled.missing} orders of {terminal}, {numbers}, that are not here"


@dataclass(slots=True)
class SettleKept:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, terminal: str, *, by: str, why: str) -> Settled:
        """Take orders that a terminal keeps and the hub refused, or never got, as settled.

        Nothing is decided on them: whoever settles has called the shop, or placed them again.
        A terminal that was not heard since a restore is awaited no more; should it be heard after
        all, it gives back what it keeps. Raises TerminalError.
        """
        if not why.strip():
            raise TerminalError("say why with --reason: the next who looks has to know")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            kept = settle_kept(t, terminal)
            awaited = awaited_among(t, [terminal])
            await_no_more(t, awaited)
            if kept is None and not awaited:
                raise TerminalError(f"terminal {terminal!r} keeps nothing that is not here")
            settled = kept or Settled(0, 0, 0)
            what = _what(settled, terminal, was_heard=awaited.get(terminal) == "asked")
            keep_settled(t, terminal, f"{by} settled {what}: {why.strip()}")
            t.changed("terminals")
            t.commit()
        return settled
