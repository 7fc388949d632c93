"""A delivery note as acts have it under lock, and what keeps its goods from leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hub.base.fields import Reason
from hub.desk.deliveries.model.life import OUTCOMES, State
from hub.desk.deliveries.model.outcome import LineOutcome, SentLine
from hub.desk.deliveries.model.picking import PickLine
from hub.desk.stock.model.moves import Move


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of a note; `batch` is the batch's row id, None of what is not kept in stock."""

    number: int
    free: bool
    line: int
    product: int
    sku: str
    name: str
    batch: int | None
    code: str
    expiry: date | None
    sellable: bool
    planned: int
    picked: int
    short: str
    sent: int


@dataclass(frozen=True, slots=True)
class LockedNote:
    """A delivery note under lock, with its lines; `seller` to `order` are row ids."""

    id: int
    number: str
    seller: int
    warehouse: int
    customer: int
    order: int
    content: int
    state: State
    day: date
    wave: int
    trip: int | None
    passed_by: str | None
    dispatched_at: int | None
    word: str
    lines: tuple[NoteLine, ...]

    @property
    def is_closed(self) -> bool:
        """Say whether it is known what became of the goods."""
        return self.state in OUTCOMES

    def pick_lines(self) -> list[PickLine]:
        """Give what is to be picked for the note."""
        return [
            PickLine(self.id, one.number, one.sku, one.code, one.planned, one.picked, one.short)
            for one in self.lines
        ]

    def sent_lines(self) -> list[SentLine]:
        """Give what left on the note."""
        return [SentLine(one.number, one.sent) for one in self.lines if one.sent]

    def leaving(self) -> list[Move]:
        """Give the moves by which what was picked goes on the road."""
        return [
            Move(one.batch, "good", "transit", one.picked)
            for one in self.lines
            if one.batch is not None and one.picked
        ]


def not_for_sale(line: NoteLine, day: date) -> Reason | None:
    """Tell why goods of a batch may not go to a shop any more: expired, or called back."""
    params = {"product": line.name, "batch": line.code}
    if not line.sellable:
        return Reason("pick_batch_blocked", params)
    if line.expiry is not None and line.expiry < day:
        return Reason("pick_batch_expired", {**params, "expiry": line.expiry.isoformat()})
    return None


@dataclass(frozen=True, slots=True)
class EndMoves:
    """The moves by which goods leave the road, by what became of them."""

    delivery: tuple[Move, ...]
    back: tuple[Move, ...]
    loss: tuple[Move, ...]


def moves_at_end(lines: Sequence[NoteLine], outcomes: Sequence[LineOutcome]) -> EndMoves:
    """Give the moves of an outcome: of 12 sent, 2 back and 1 damaged, 9 leave the book.

    What is back is good again, what is damaged is in the bucket of damaged goods, and what was lost
    leaves the book with that reason.
    """
    batches = {one.number: one.batch for one in lines}
    kept = [(batches[one.number], one) for one in outcomes if batches[one.number] is not None]
    delivery = [Move(batch, "transit", None, one.delivered) for batch, one in kept if batch]
    back = [
        Move(batch, "transit", "good", one.back) for batch, one in kept if batch and one.back
    ] + [
        Move(batch, "transit", "damaged", one.damaged)
        for batch, one in kept
        if batch and one.damaged
    ]
    loss = [Move(batch, "transit", None, one.lost) for batch, one in kept if batch]
    return EndMoves(tuple(delivery), tuple(back), tuple(loss))
