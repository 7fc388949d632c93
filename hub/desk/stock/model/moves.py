"""What moves stock: buckets, the ways between them, documents, and why something was not done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Bucket = Literal["good", "damaged", "quarantine", "transit"]
DocumentKind = Literal[
    "receipt", "transfer", "adjustment", "move", "count", "recall", "supplier_return"
]
State = Literal["done", "waiting", "refused", "dispatched", "counting", "counted"]
How = Literal["found", "write_off", "to_supplier", "damage", "mend", "quarantine", "release"]
ReasonWord = Literal[
    "broken",
    "expired",
    "lost",
    "found",
    "sample",
    "quality",
    "returned",
    "wrong_entry",
    "checked",
    "other",
]
REASONS: Final[tuple[ReasonWord, ...]] = (
    "broken",
    "expired",
    "lost",
    "found",
    "sample",
    "quality",
    "returned",
    "wrong_entry",
    "checked",
    "other",
)
COLUMNS: Final[Mapping[Bucket, str]] = {
    "good": "on_hand",
    "damaged": "damaged",
    "quarantine": "quarantine",
    "transit": "in_transit",
}
"""The column of a batch that holds each bucket."""


@dataclass(frozen=True, slots=True)
class Way:
    """From which bucket to which: None is from outside, or out of the book.

    With `changes_worth` a second person is asked above the amount that the settings name: of what
    is written off or found, and of what was set apart and is to be sold again.
    """

    origin: Bucket | None
    target: Bucket | None
    kind: DocumentKind
    changes_worth: bool = False


WAYS: Final[Mapping[How, Way]] = {
    "found": Way(None, "good", "adjustment", changes_worth=True),
    "write_off": Way("good", None, "adjustment", changes_worth=True),
    "to_supplier": Way("damaged", None, "supplier_return", changes_worth=True),
    "damage": Way("good", "damaged", "move"),
    "mend": Way("damaged", "good", "move"),
    "quarantine": Way("good", "quarantine", "move"),
    "release": Way("quarantine", "good", "move", changes_worth=True),
}
"""What people do to stock in its warehouse.

A write-off and what goes back to the supplier may be of any bucket in it.
"""
GONE: Final[frozenset[How]] = frozenset({"write_off", "to_supplier"})
"""What is done to stock that leaves the book: from which bucket is asked."""
WRITTEN_OFF: Final[tuple[Bucket, ...]] = ("good", "damaged", "quarantine")


@dataclass(frozen=True, slots=True)
class Move:
    """Base units of one batch that go from a bucket to another."""

    batch: int
    origin: Bucket | None
    target: Bucket | None
    quantity: int

    def of(self, bucket: Bucket) -> int:
        """Give by how much a bucket grows; below zero, shrinks."""
        grows = self.quantity if self.target == bucket else 0
        return grows - (self.quantity if self.origin == bucket else 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse and the seller that it belongs to, by their row ids."""

    id: int
    code: str
    seller: int


@dataclass(frozen=True, slots=True)
class LockedBatch:
    """A batch under lock; `worth` of a base unit is in 1/10,000 of the major unit, None unknown."""

    id: int
    code: str
    sku: str
    good: int
    reserved: int
    damaged: int
    quarantine: int
    transit: int
    worth: int | None

    def there(self, bucket: Bucket) -> int:
        """Give what may be taken from a bucket: of what is good, what no order holds."""
        if bucket == "good":
            return self.good - self.reserved
        return {
            "damaged": self.damaged,
            "quarantine": self.quarantine,
            "transit": self.transit,
        }[bucket]


@dataclass(frozen=True, slots=True)
class Posted:
    """A document as it stands now; `again` says that it was sent before and nothing was done."""

    document: int
    state: State
    again: bool = False


def worth_of(moves: Sequence[Move], batches: Mapping[int, LockedBatch]) -> int | None:
    """Give what moved stock is worth: 3 at 120.00 are 360.00; None where nobody knows of one."""
    worth = 0
    for move in moves:
        each = batches[move.batch].worth
        if each is None:
            return None
        worth += each * move.quantity
    return worth


SECOND_HANDS: Final = ("stock.receive", "stock.move", "stock.count", "stock.approve")
"""Who may do one of these could be the second person behind what waits of stock."""


def needs_second(worth: int | None, alone_up_to: int) -> bool:
    """Say whether a second person has to let stock of this worth be adjusted.

    Worth exactly the amount is let through; a worth that nobody knows is not.
    """
    return worth is None or worth > alone_up_to


def missing(moves: Sequence[Move], batches: Mapping[int, LockedBatch]) -> Mapping[int, int]:
    """Give by how much moves ask for more than may be taken, by the line of each, from 1 on.

    Two lines of one batch share what there is: of 10 free, lines of 6 and 6 miss 2 in the second.
    """
    left = {(one.id, bucket): one.there(bucket) for one in batches.values() for bucket in COLUMNS}
    short = {}
    for line, move in enumerate(moves, 1):
        if move.origin is None:
            continue
        key = move.batch, move.origin
        if left[key] < move.quantity:
            short[line] = move.quantity - max(0, left[key])
        left[key] -= move.quantity
    return short


def counts_again(variance: int, each: int | None, above: int | None) -> bool:
    """Say whether a line is counted again by somebody else before anybody decides on it.

    With 500.00 as the limit, 3 too few at 200.00 are, and 2 are not; what nobody knows the worth
    of is, where anything differs at all. `each` and `above` are in 1/10,000 of the major unit.
    """
    if above is None or not variance:
        return False
    return each is None or abs(variance) * each > above


def variance_of(frozen: int, moved: int, counted: int) -> int:
    """Give what a count found too many: 40 frozen, 5 sold since and 34 counted are one too few."""
    return counted - (frozen + moved)
