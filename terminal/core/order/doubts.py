"""The questions that stand: each was asked once more, until it is answered or taken back."""

from collections.abc import Iterator
from dataclasses import dataclass

from terminal.core.order.events import (
    CancelAsked,
    Event,
    ProductRemoved,
    ProductScanned,
    UndoAsked,
)
from terminal.core.order.lines import Key, Line, OpenOrder
from terminal.core.words import Said, said_all


@dataclass(frozen=True, slots=True)
class Doubt:
    """A code that counts when it comes again at once, and keeps the order here until then.

    `keys` name the lines that the code would change, none where a coupon made the sum unusual.
    `what` says them; `digits` were waiting for ENTER.
    """

    code: str
    keys: frozenset[Key]
    what: Said
    digits: str = ""


def doubt_about(code: str, before: OpenOrder, after: OpenOrder, *, total: Said) -> Doubt:
    """Doubt what a code would make of an order; where it makes no line, its `total` is meant."""
    lines = tuple(_changed(before, after))
    what = said_all([line.said for line in lines]) if lines else total
    return Doubt(code, frozenset(line.key for line in lines), what, before.digits)


@dataclass(frozen=True, slots=True)
class Doubts:
    """The questions that stand, the newest last."""

    standing: tuple[Doubt, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether any question stands."""
        return bool(self.standing)

    @property
    def what(self) -> Said:
        """Say all that is asked about; there is at least one question."""
        return said_all([one.what for one in self.standing])

    def ask(self, doubt: Doubt) -> "Doubts":
        """Ask a question; of the same code and lines only the newest stands."""
        others = (one for one in self.standing if (one.code, one.keys) != (doubt.code, doubt.keys))
        return Doubts((*others, doubt))

    def take_back(self, event: Event, order: OpenOrder) -> "tuple[Doubts, Doubt | None]":
        """Take the newest question back where UNDO, or CANCEL of an empty order, means it."""
        undone = isinstance(event, UndoAsked) and not order.digits
        if self.standing and (undone or (isinstance(event, CancelAsked) and order.is_empty)):
            return Doubts(self.standing[:-1]), self.standing[-1]
        return self, None

    def after(self, code: str, event: Event, *, before: OpenOrder, after: OpenOrder) -> "Doubts":
        """Give the questions that stand after a step: a line that was said otherwise has none."""
        if not self.standing:
            return self
        if before.id and not after.id:
            return Doubts()
        changed = {one.key for one in (*_changed(before, after), *_changed(after, before))}
        return Doubts(
            tuple(
                one
                for one in self.standing
                if not _settles(one, code, event, changed=changed, before=before)
            )
        )


def _settles(
    doubt: Doubt, code: str, event: Event, *, changed: set[Key], before: OpenOrder
) -> bool:
    """Tell whether a step answers a question, or says otherwise what it was about."""
    match event:
        case ProductRemoved():
            return event.sku in {sku for sku, _, _ in doubt.keys}
        case UndoAsked():
            return bool(before.digits) and doubt.digits == before.digits
        case ProductScanned():  # adds to the line, and says nothing of what was asked
            return doubt.code == code and doubt.keys <= changed
        case _:
            return bool(doubt.keys & changed) or (doubt.code == code and not doubt.keys)


def _changed(before: OpenOrder, after: OpenOrder) -> Iterator[Line]:
    """Give the lines of an order that are not as they were before."""
    had = {id(line) for line in before.lines}
    there = {line.key: line.quantity for line in before.lines}
    for line in after.lines:
        if id(line) not in had and there.get(line.key) != line.quantity:
            yield line
