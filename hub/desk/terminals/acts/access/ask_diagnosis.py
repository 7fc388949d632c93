"""Ask a terminal to tell of itself: how it stands, its settings, its log."""

from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transactions
from hub.desk.terminals.model.diagnoses import DiagnosisError
from hub.desk.terminals.store.machines.diagnoses import ask_for, can_diagnose, open_of


@dataclass(slots=True)
class AskDiagnosis:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    ids: Ids

    def __call__(self, terminal: str, *, why: str, by: Actor) -> str:
        """Ask a terminal; gives the diagnosis' name, of the one that is asked for already if any.

        The terminal hears of it within its next heartbeat, or when it comes back. Raises
        DiagnosisError.
        """
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by.name, at_ms=now_ms) as t:
            able = can_diagnose(t, terminal, scope=by.scope)
            if able is None:
                raise DiagnosisError("terminal_unknown", terminal)
            if not able:
                raise DiagnosisError("diagnosis_unable", terminal)
            asked = open_of(t, [terminal]).get(terminal)
            if asked is None:
                asked = self.ids(now_ms)
                ask_for(t, terminal, asked, why=why.strip())
                t.changed("terminals")
            t.commit()
        return asked
