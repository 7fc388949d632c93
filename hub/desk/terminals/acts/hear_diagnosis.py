"""Hear what a terminal tells of itself, piece by piece."""

from dataclasses import dataclass

from broker.contract import Diagnosis
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.terminals.store.machines.diagnoses import keep_piece


@dataclass(slots=True)
class HearDiagnosis:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, piece: Diagnosis) -> None:
        """Keep a piece; what is lost is asked for again with the terminal's next status."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            if keep_piece(t, piece):
                t.changed("terminals")
            t.commit()
