"""Let an adjustment or a count that waits pass, or refuse it: never by who made or counted it."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.stock.model.moves import Move, Posted, variance_of
from hub.desk.stock.store.documents import LockedDocument, lock_document, settle_document
from hub.desk.stock.store.moving import faults_of, lock_batches, move


@dataclass(slots=True)
class DecideDocument:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, document: int, *, grant: bool, by: str, scope: Scope) -> Posted | Refused:
        """Post what waits, or refuse it: of a count the differences that it found are posted.

        Stock that an order took meanwhile is not taken from it: then nothing is posted.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=document)
            if found.state not in {"waiting", "counted"}:
                return refused("stock_document_settled", document=document)
            if by in {found.made_by, *(one.counted_by for one in found.lines)}:
                return refused("stock_own", who=by)
            faults = _post(t, found) if grant else None
            if faults is not None:
                return faults
            settle_document(t, document, "done" if grant else "refused")
            t.commit()
        return Posted(document, "done" if grant else "refused")


def _post(t: Transaction, found: LockedDocument) -> Refused | None:
    moves = _differences(found) if found.state == "counted" else [one.move() for one in found.lines]
    locked = lock_batches(t, [one.batch for one in moves])
    short = faults_of(t, moves, locked)
    if short:
        return Refused(tuple(short))
    move(t, moves, document=found.of)
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
