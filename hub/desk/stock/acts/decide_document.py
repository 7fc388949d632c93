"""Let pass what waits for a second person, or refuse it: not by who made, counted or took it.

An owner who is the only person that could do one of these decides their own document, and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.store.hands import read_hands
from hub.desk.stock.model.moves import Move, Posted, State, variance_of
from hub.desk.stock.store.arriving import post_differences, reopen
from hub.desk.stock.store.documents import (
    LockedDocument,
    lock_document,
    number_document,
    settle_document,
)
from hub.desk.stock.store.moving import faults_of, lock_batches, move


@dataclass(slots=True)
class DecideDocument:
    """The act, with what it needs; `is_alone` says that nobody could be a second person."""

    transactions: Transactions
    clock: Clock
    is_alone: Callable[[Connection, str], bool]

    def __call__(
        self, document: int, *, grant: bool, by: str, scope: Scope, why: str = ""
    ) -> Posted | Refused:
        """Post what waits, or refuse it: of a count and of a transfer what they differ by.

        Stock that an order took meanwhile is not taken from it: then nothing is posted.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=document)
            if found.state not in {"waiting", "counted"}:
                return refused("stock_document_settled", document=document)
            if read_hands(t.connection).among(by, found.hands):
                if not self.is_alone(t.connection, by):
                    return refused("stock_own", who=by)
                if not why.strip():
                    return refused("stock_alone_why", field="why", who=by)
            faults = _post(t, found, scope=scope) if grant else None
            if faults is not None:
                return faults
            state: State = "done" if grant else _refuse(t, found)
            settle_document(t, document, state, why=why.strip())
            t.commit()
        return Posted(document, state)


def _refuse(t: Transaction, found: LockedDocument) -> State:
    """Refuse what waits; of a transfer, what is missing is looked for again."""
    return reopen(t, found) if found.head.kind == "transfer" else "refused"


def _post(t: Transaction, found: LockedDocument, *, scope: Scope) -> Refused | None:
    if found.head.kind == "transfer":
        return post_differences(t, found, scope=scope)
    moves = _differences(found) if found.state == "counted" else [one.move() for one in found.lines]
    locked = lock_batches(t, [one.batch for one in moves])
    short = faults_of(t, moves, locked)
    if short:
        return Refused(tuple(short))
    move(t, moves, document=found.of)
    number_document(t, found.of, found.head.seller)
    return None


def _differences(found: LockedDocument) -> list[Move]:
    """Give the moves that bring the book to what was counted."""
    moves = []
    for one in found.lines:
        if one.counted is None:
            continue
        difference = variance_of(one.quantity, one.moved or 0, one.counted)
        if difference > 0:
            moves.append(Move(one.batch, None, "good", difference))
        elif difference < 0:
            moves.append(Move(one.batch, "good", None, -difference))
    return moves
