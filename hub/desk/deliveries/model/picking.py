"""Picking: what a scan counts towards, what is refused in words, and what is short at the end."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from hub.base.fields import Reason
from hub.desk.deliveries.model.life import ShortReason

_COUNTED: Final = re.compile(r"\s*(\d{1,6})\s*\*\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PickLine:
    """A line that is picked: so many base units of one batch are wanted, so many were found."""

    delivery: int
    number: int
    sku: str
    batch: str
    planned: int
    picked: int = 0
    short: ShortReason | str = ""

    @property
    def left(self) -> int:
        """Give how many are still to be found; a line that is short has none."""
        return 0 if self.short else self.planned - self.picked


class Counted(NamedTuple):
    """How many a scan says, as `12*code` does, and the code itself."""

    times: int
    code: str


class Found(NamedTuple):
    """Base units that a scan found for one line."""

    delivery: int
    number: int
    quantity: int


class ScannedGoods(NamedTuple):
    """What was scanned: a product, its batch where the code has one, and how many base units."""

    sku: str
    batch: str
    quantity: int


def read_counted(typed: str) -> Counted:
    """Read `12*code` as twelve times the code; without a star it is once. `0*code` is of none."""
    said = _COUNTED.fullmatch(typed)
    return Counted(int(said[1]), said[2]) if said else Counted(1, typed)


def find_lines(lines: Sequence[PickLine], goods: ScannedGoods) -> list[Found] | Reason:
    """Share what was scanned among the lines that want it, the first first, or say why not.

    Of lines of 10 and 6 of one batch, a scan of 12 fills the first and counts 2 to the second. A
    product or a batch that no line has, more than is wanted, or a code without its batch where
    several are wanted, counts nothing.
    """
    same = [one for one in lines if one.sku == goods.sku]
    if not same:
        return Reason("pick_wrong_product", {"product": goods.sku})
    params: dict[str, Any]
    batches = sorted({one.batch for one in same if one.left} or {one.batch for one in same})
    batch = goods.batch
    if not batch:
        if len(batches) > 1:
            return Reason("pick_batch_missing", {"product": goods.sku, "batches": batches})
        batch = batches[0]
    wanted = [one for one in same if one.batch == batch]
    if not wanted:
        params = {"product": goods.sku, "batch": batch, "batches": batches}
        return Reason("pick_wrong_batch", params)
    left = sum(one.left for one in wanted)
    if goods.quantity > left:
        params = {"product": goods.sku, "batch": batch, "scanned": goods.quantity, "left": left}
        return Reason("pick_too_many", params)
    return _shared(wanted, goods.quantity)


def _shared(lines: Sequence[PickLine], quantity: int) -> list[Found]:
    found = []
    for one in lines:
        part = min(quantity, one.left)
        if part:
            found.append(Found(one.delivery, one.number, part))
        quantity -= part
    return found


def open_lines(lines: Collection[PickLine]) -> list[PickLine]:
    """Give the lines of which something is neither found nor taken off yet."""
    return [one for one in lines if one.left]
