"""The lines of the order at the counter, and how one change is made and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from broker.contract.messages import Payment
from terminal.core.words import Said, said

_KEPT_CHANGES: Final = 200

Key = tuple[str, str, str]
"""What makes a line one of its own: its product, its unit, its batch."""


@dataclass(frozen=True, slots=True)
class Line:
    """One product and how many base units of it.

    `unit` is the pack size it is ordered in, of `size` base units; empty for base units. `batch` is
    the one that is asked for, empty where any will do.
    """

    number: int
    sku: str
    name: str
    quantity: int
    unit: str = ""
    size: int = 1
    batch: str = ""

    @property
    def key(self) -> Key:
        """Name the line among the others."""
        return self.sku, self.unit, self.batch

    @property
    def count(self) -> int:
        """Count in the line's own unit."""
        return self.quantity // self.size

    @property
    def said(self) -> Said:
        """Say it as a person does: `2 CASE = 48 x Chips, batch B7`."""
        line = said("line.pieces", quantity=self.quantity, name=self.name)
        if self.unit:
            line = said(
                "line.packs",
                count=self.count,
                unit=self.unit,
                quantity=self.quantity,
                name=self.name,
            )
        return said("line.batch", line=line, batch=self.batch) if self.batch else line


@dataclass(frozen=True, slots=True)
class Change:
    """What UNDO takes back: the quantity a line had before, 0 where there was none.

    `was` is the line that became this one, in another unit or of another batch. `read` is the batch
    that the scanned code named, `removed` a line that went. With `coupon`, `wish` or `payment` it
    is that and no line; `name` is that of the product wished for, `payment` how the order was paid
    before, empty where nobody had said. `customer` is whom the order was for before, empty for the
    counter's own customer.
    """

    sku: str
    before: int
    unit: str = ""
    batch: str = ""
    was: Line | None = None
    read: str = ""
    coupon: str = ""
    wish: str = ""
    name: str = ""
    removed: Line | None = None
    payment: Payment | Literal[""] | None = None
    customer: str | None = None

    @property
    def key(self) -> Key:
        """Name the line that was changed."""
        return self.sku, self.unit, self.batch


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """The order at the counter, empty until the first scan gives it its id.

    `cancel_asked_ms` is a monotonic time and is not kept over a restart. `lost` says that the last
    code was not taken: a quantity scanned now was not meant for the line before it. `wishes` are
    the products, by SKU, wished for where free goods leave a choice. `digits` wait for ENTER, over
    no restart. `payment` is what somebody chose, None where the counter's usual one holds.
    `customer` is the code of another customer, by its card, empty for the counter's own.
    """

    id: str = ""
    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()
    cancel_asked_ms: int | None = None
    lost: bool = False
    coupons: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    digits: str = ""
    payment: Payment | None = None
    customer: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to throw away."""
        chosen = self.coupons or self.customer or self.payment is not None
        return not self.lines and not chosen

    @property
    def last_scan(self) -> Change | None:
        """The newest change of a line."""
        return next((change for change in reversed(self.changes) if change.sku), None)

    @property
    def last(self) -> Line | None:
        """The line just scanned: the one a quantity, a unit and a batch apply to."""
        change = None if self.lost else self.last_scan
        return None if change is None else self.line_of(change.key)

    def line_of(self, key: Key) -> Line | None:
        """Find a line."""
        return next((line for line in self.lines if line.key == key), None)


def put(order: OpenOrder, line: Line, *, read: str = "") -> OpenOrder:
    """Put a line in the place of the one with its key, or at the end; UNDO can take it back."""
    there = order.line_of(line.key)
    before = 0 if there is None else there.quantity
    change = Change(line.sku, before, line.unit, line.batch, read=read)
    return _remember(_with(order, line), change)


def recast(order: OpenOrder, line: Line, becomes: Line) -> OpenOrder:
    """Have a line become another, which may be there already; UNDO can take it back."""
    there = order.line_of(becomes.key)
    change = Change(
        line.sku,
        0 if there is None else there.quantity,
        becomes.unit,
        becomes.batch,
        was=line,
        read=order.last_scan.read if order.last_scan else "",
    )
    if there is None:
        lines = [becomes if old is line else old for old in order.lines]
        return _remember(replace(order, lines=_numbered(lines)), change)
    without = replace(order, lines=tuple(old for old in order.lines if old is not line))
    more = replace(there, quantity=there.quantity + becomes.quantity)
    return _remember(_with(without, more), change)


def show_coupon(order: OpenOrder, code: str) -> OpenOrder:
    """Add a coupon; UNDO can take it back."""
    return _remember(replace(order, coupons=(*order.coupons, code)), Change("", 0, coupon=code))


def wish(order: OpenOrder, sku: str, name: str) -> OpenOrder:
    """Add a wish for a product; UNDO can take it back."""
    change = Change("", 0, wish=sku, name=name)
    return _remember(replace(order, wishes=(*order.wishes, sku)), change)


def remove(order: OpenOrder, line: Line) -> OpenOrder:
    """Take a line away; UNDO can put it back in its place."""
    lines = _numbered(old for old in order.lines if old is not line)
    change = Change(line.sku, 0, line.unit, line.batch, removed=line)
    return _remember(replace(order, lines=lines), change)


def pay(order: OpenOrder, payment: Payment) -> OpenOrder:
    """Choose how the order is paid; UNDO can take it back."""
    return _remember(replace(order, payment=payment), Change("", 0, payment=order.payment or ""))


def serve(order: OpenOrder, customer: str) -> OpenOrder:
    """Have the order be another customer's; UNDO can take it back."""
    return _remember(replace(order, customer=customer), Change("", 0, customer=order.customer))


def take_back(order: OpenOrder) -> tuple[OpenOrder, Said]:  # noqa: PLR0911  # one a kind
    """Undo the last of some changes; gives what is left of it in words, too."""
    change, kept = order.changes[-1], replace(order, changes=order.changes[:-1], lost=False)
    if change.coupon:
        coupons = tuple(code for code in order.coupons if code != change.coupon)
        return replace(kept, coupons=coupons), said("undo.coupon", code=change.coupon)
    if change.wish:
        return replace(kept, wishes=order.wishes[:-1]), said(
            "undo.wish", name=change.name or change.wish
        )
    if change.customer is not None:
        return replace(kept, customer=change.customer), said("undo.customer")
    if change.payment is not None:
        before = change.payment or None
        left = said(f"payment.{before}") if before else said("undo.payment")
        return replace(kept, payment=before), left
    if change.removed is not None:
        return _put_back(kept, change.removed), change.removed.said
    line = order.line_of(change.key)
    if line is None:
        return kept, said("undo.product", sku=change.sku)
    undone = _with(kept, replace(line, quantity=change.before))
    if change.was is not None:
        return _put_back(undone, change.was), change.was.said
    left_over = replace(line, quantity=change.before)
    removed = said("undo.removed", name=line.name)
    return undone, left_over.said if change.before else removed


def _put_back(order: OpenOrder, line: Line) -> OpenOrder:
    """Put a line where it was."""
    lines = list(order.lines)
    lines.insert(line.number - 1, line)
    return replace(order, lines=_numbered(lines))


def _with(order: OpenOrder, line: Line) -> OpenOrder:
    """Put a line; one of nothing goes and closes the gap in the numbers."""
    if order.line_of(line.key) is None:
        return replace(order, lines=_numbered([*order.lines, line]))
    lines = (line if old.key == line.key else old for old in order.lines)
    return replace(order, lines=_numbered(lines))


def _numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    kept = (line for line in lines if line.quantity > 0)
    return tuple(
        line if line.number == at else replace(line, number=at) for at, line in enumerate(kept, 1)
    )


def _remember(order: OpenOrder, change: Change) -> OpenOrder:
    return replace(order, changes=(*order.changes, change)[-_KEPT_CHANGES:])
