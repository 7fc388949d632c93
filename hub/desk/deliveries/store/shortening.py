"""Goods taken off a note: given back, moved to the damaged ones, or taken from another batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.deliveries.model.notes import LockedNote, NoteLine
from hub.desk.deliveries.store.notes import NewLine, OrderOnNote, add_lines, mark_short
from hub.desk.deliveries.store.planning import find_instead
from hub.desk.orders.deciding import Desk, move
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.stock.model.moves import Move
from hub.desk.stock.store import Goods, held_by
from hub.desk.stock.store.moving import Note, lock_batches
from hub.desk.stock.store.moving import move as move_stock

_CODE: Final = "SELECT code FROM batch WHERE id = ?"


class Short(NamedTuple):
    """A line of which what is left is not looked for any more, and why."""

    line: NoteLine
    reason: str

    @property
    def missing(self) -> int:
        """Give how much of it was not picked."""
        return self.line.planned - self.line.picked


def take_off(
    t: Transaction, on: OrderOnNote, shorts: Sequence[Short], *, desk: Desk | None = None
) -> int:
    """Take what is missing of lines off a note, as one revision of its order.

    It is free for others at once. With a `desk`, batches that the rules name stand in for it, and
    the note has new lines for these. Gives how much is missing in the end.
    """
    held = Counter(held_by(t, on.order.id))
    stocked = [one for one in shorts if one.line.batch is not None]
    told: list[Reason] = []
    lost = 0
    for one in shorts:
        mark_short(t, on.note.id, one.line.number, reason=one.reason)
        _drop(held, one)
        instead: Mapping[int, int] = {}
        if desk is not None and one in stocked:
            instead = find_instead(
                t, desk, on.note, order=on.order, line=one.line, quantity=one.missing
            )
        told += _add(t, on.note, one, instead=instead, held=held)
        missing = one.missing - sum(instead.values())
        if missing:
            params = {"product": one.line.name or one.line.sku, "quantity": missing}
            told.append(Reason("picked_short", params))
        lost += missing
    lock_batches(t, {one.line.batch for one in stocked if one.line.batch is not None})
    status: Status = "confirmed" if lost else on.order.status
    move(t, on.order, status, cause="picked_short", reasons=tuple(told), wanted=+held)
    _move_damaged(t, on.note, stocked)
    return lost


def _drop(held: Counter[Goods], one: Short) -> None:
    if one.line.batch is not None:
        held[one.line.free, one.line.line, one.line.batch] -= one.missing


def _add(
    t: Transaction,
    note: LockedNote,
    one: Short,
    *,
    instead: Mapping[int, int],
    held: Counter[Goods],
) -> list[Reason]:
    """Put batches that stand in on the note, and among what the order holds."""
    (last,) = t.rows("SELECT max(number) FROM delivery_line WHERE delivery_id = ?", (note.id,))[0]
    told = []
    line = one.line
    for place, (batch, many) in enumerate(sorted(instead.items()), last + 1):
        new = NewLine(place, line.free, line.line, line.product, line.sku, batch, many)
        add_lines(t, note.id, [new])
        held[line.free, line.line, batch] += many
        code = t.rows(_CODE, (batch,))[0][0]
        params = {"product": line.name or line.sku, "quantity": many, "batch": code}
        told.append(Reason("picked_from", params))
    return told


def _move_damaged(t: Transaction, note: LockedNote, shorts: Sequence[Short]) -> None:
    """Move what was found broken to the damaged goods, so that nobody is promised it again."""
    moves = [
        Move(one.line.batch, "good", "damaged", one.missing)
        for one in shorts
        if one.reason == "damaged" and one.line.batch is not None
    ]
    move_stock(t, moves, document=Note(note.id, "damage", note.number, "broken"))
