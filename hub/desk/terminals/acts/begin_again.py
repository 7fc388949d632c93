"""Begin a new life of the books that were put back from a backup."""

from collections.abc import Callable, Sequence

from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.model import Incarnation
from hub.desk.parties.store import begin_incarnation
from hub.desk.terminals.store.awaiting import await_all


def begin_again(
    transactions: Transactions,
    *,
    backup_at: int,
    now_ms: int,
    endings: Sequence[Callable[[Transaction], object]] = (),
) -> Incarnation:
    """Begin it: `backup_at` is the moment that the backup is of; both in Unix ms.

    Every terminal is awaited from now on: any of them may keep orders that the backup has not.
    `endings` end what does not go on from one life to the next, as sessions.
    """
    with transactions.open(actor="hub", at_ms=now_ms) as t:
        begun = begin_incarnation(t, backup_at=backup_at)
        await_all(t)
        for end in endings:
            end(t)
        t.commit()
    return begun
