"""Offer an update to a few terminals, then to all; pause it, go on with it, take it back."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.model.software import (
    BAD,
    LEADS_ON,
    USUAL_LIMIT,
    USUAL_SHARE,
    Step,
    Update,
    UpdateFault,
    check_step,
    first_of,
    read_limit,
    read_share,
)
from hub.desk.terminals.store.software.files import SoftwareFiles
from hub.desk.terminals.store.software.updates import (
    candidates,
    count_tries,
    forget_left,
    keep_update,
    leave_open,
    lock_update,
    offer_to,
    others_running,
    sees_all,
)

Change = Callable[[Transaction, Update], None]


@dataclass(slots=True)
class StageUpdate:
    """The acts, with what they need. Terminals hear of each with their next heartbeat."""

    transactions: Transactions
    clock: Clock
    files: SoftwareFiles

    def offer(
        self,
        name: str,
        *,
        share: int = USUAL_SHARE,
        most_failed: int = USUAL_LIMIT,
        why: str = "",
        by: Actor,
    ) -> None:
        """Offer an update to its first terminals; raises UpdateFault.

        What was offered to that kind of machine before is over with that: later software has all
        of it.
        """

        def change(t: Transaction, one: Update) -> None:
            part, most = read_share(share), read_limit(most_failed, bad=0)
            forget_left(t, one)
            asked = set(count_tries(t, one))  # of an update that is offered again: who took it
            first = first_of(candidates(t, one), part)
            if not first and not asked:
                raise UpdateFault("software_nobody", f"{one.machine}, Python {one.python}")
            for other in others_running(t, one):
                leave_open(t, other)
                keep_update(t, other, why=f"{one.name}: {why}".rstrip(": "), stage="ended")
            keep_update(t, one, why=why, stage="first", reach="first", share=part, most_failed=most)
            offer_to(t, one, first)

        self._do(name, "offer", change, by=by)

    def widen(self, name: str, *, most_failed: int | None = None, why: str = "", by: Actor) -> None:
        """Offer an update to all, once one of the first has taken it; raises UpdateFault."""

        def change(t: Transaction, one: Update) -> None:
            counts = count_tries(t, one)
            if not counts.get("taken"):
                raise UpdateFault("software_first_open", one.name)
            most = self._limit(one, most_failed, bad=sum(counts.get(state, 0) for state in BAD))
            keep_update(t, one, why=why, stage="all", reach="all", most_failed=most)

        self._do(name, "widen", change, by=by)

    def pause(self, name: str, *, why: str = "", by: Actor) -> None:
        """Have nobody begin with an update for now; who tries it ends that. Raises UpdateFault."""

        def change(t: Transaction, one: Update) -> None:
            keep_update(t, one, why=why, stage="paused", reach=one.stage)

        self._do(name, "pause", change, by=by)

    def resume(
        self, name: str, *, most_failed: int | None = None, why: str = "", by: Actor
    ) -> None:
        """Go on where an update was paused, or stopped: then with a higher limit.

        Raises UpdateFault.
        """

        def change(t: Transaction, one: Update) -> None:
            counts = count_tries(t, one)
            most = self._limit(one, most_failed, bad=sum(counts.get(state, 0) for state in BAD))
            keep_update(t, one, why=why, stage=one.reach, most_failed=most)

        self._do(name, "resume", change, by=by)

    def end(self, name: str, *, why: str = "", by: Actor) -> None:
        """Take an update back: who has not tried it will not; who runs it goes on with it.

        Raises UpdateFault.
        """

        def change(t: Transaction, one: Update) -> None:
            leave_open(t, one)
            keep_update(t, one, why=why, stage="ended")

        self._do(name, "end", change, by=by)

    def _limit(self, one: Update, wanted: int | None, *, bad: int) -> int:
        return read_limit(one.most_failed if wanted is None else wanted, bad=bad)

    def _do(self, name: str, step: Step, change: Change, *, by: Actor) -> None:
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            one = lock_update(t, name)
            if one is None:
                raise UpdateFault("software_unknown", name)
            if not sees_all(t, by.scope):
                raise UpdateFault("software_network")
            check_step(one, step)
            if step in LEADS_ON and not self.files.has(one.bundle):
                raise UpdateFault("software_file_lost", name)
            change(t, one)
            t.changed("software")
            t.commit()
