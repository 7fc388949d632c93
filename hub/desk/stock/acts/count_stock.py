"""Count a warehouse or part of it: frozen, entered blind, and handed to a second person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.model.hands import OWN_HANDS
from hub.desk.people.store.hands import read_hands
from hub.desk.stock.model.arrivals import read_figures
from hub.desk.stock.model.heads import AskedHead, read_head
from hub.desk.stock.model.lines import AskedLine, Texts, read_lines
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.store.batches import batches_of
from hub.desk.stock.store.counting import ask_again, freeze, moved_since
from hub.desk.stock.store.documents import (
    Head,
    LineRow,
    LockedDocument,
    change_line,
    find_sent,
    lock_document,
    open_document,
    sent_once,
    settle_document,
    write_lines,
)
from hub.desk.stock.store.finding import find_place, find_place_of
from hub.desk.stock.store.moving import lock_batches


@dataclass(slots=True)
class CountStock:
    """The acts, with what they need; `is_alone` says that nobody could be a second person."""

    transactions: Transactions
    clock: Clock
    is_alone: Callable[[Connection, str], bool]

    def freeze(
        self, head: Texts, *, category: str = "", key: str, by: str, scope: Scope
    ) -> Posted | Refused:
        """Write down what the book has of each batch now; selling goes on."""
        said, faults = read_head({**head, "category": category}, key)
        if faults:
            return Refused(tuple(faults))
        return sent_once(partial(self._freeze, said, category.strip(), by=by, scope=scope))

    def _freeze(self, said: AskedHead, category: str, *, by: str, scope: Scope) -> Posted | Refused:
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            place = find_place(t, said.warehouse, scope=scope)
            if place is None:
                return refused(
                    "stock_warehouse_unknown", field="warehouse", warehouse=said.warehouse
                )
            sent = find_sent(t, said.key, place=place, kind="count", asked=said.asked)
            if sent is not None:
                return sent
            part = category.strip("/")
            after, lines = freeze(t, place, part)
            if not lines:
                why, field = ("count_nothing", "category") if part else ("count_empty", "warehouse")
                return refused(why, field=field, warehouse=place.code)
            head_row = Head(
                *("count", said.key, place.seller, place.id),
                reference=category,
                note=said.note,
                after=after,
                asked=said.asked,
            )
            document = open_document(t, head_row, "counting")
            write_lines(t, document.id, lines)
            t.commit()
        return Posted(document.id, "counting")

    def enter(
        self,
        document: int,
        counted: Texts,
        others: Sequence[Texts] = (),
        *,
        seen: Texts = MappingProxyType({}),
        by: str,
        scope: Scope,
    ) -> Posted | Refused:
        """Enter what was counted, by line, and batches that the list does not have.

        A figure that is there already is corrected only by who has `seen` it: what another one
        counted meanwhile is told, not lost, and stays that person's. What moved until now is
        written down beside it, so that later sales do not count.
        """
        lines, faults = read_lines(others) if others else ([], [])
        if faults:
            return Refused(tuple(faults))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=document)
            if found.state != "counting":
                return refused("stock_document_settled", document=document)
            wrong = _enter(t, found, counted=counted, seen=seen, others=lines, scope=scope)
            if wrong is not None:
                return wrong
            t.changed("stock")
            t.commit()
        return Posted(document, "counting")

    def hand_over(self, document: int, *, by: str, scope: Scope) -> Posted | Refused:
        """Hand a whole count to a second person; a line that nobody counted is missing.

        Lines whose variance is worth more than the limit are counted again first: blind, and by
        somebody else than before, where there is anybody. What that second count finds is what is
        decided on.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=document)
            if found.state != "counting":
                return refused("stock_document_settled", document=document)
            open_lines = sum(one.counted is None for one in found.lines)
            if open_lines:
                return refused("count_incomplete", lines=open_lines)
            again = 0 if self.is_alone(t.connection, by) else ask_again(t, found)
            if not again:
                settle_document(t, document, "counted", decided=False)
            t.changed("stock")
            t.commit()
        return Posted(document, "counting" if again else "counted")


def _enter(
    t: Transaction,
    found: LockedDocument,
    *,
    counted: Texts,
    seen: Texts,
    others: Sequence[AskedLine],
    scope: Scope,
) -> Refused | None:
    by_line = {one.line: one for one in found.lines}
    scanned, wrong = _find_others(t, found, others, scope=scope)
    again = {line: many for line, (_, many) in scanned.items() if line in by_line}
    typed = {
        name: text
        for name, text in counted.items()
        # What stands there as it was seen was not counted again by who sends it along.
        if text.strip() != seen.get(name, "").strip() or name in map(str, again)
    }
    counts, faults = read_figures(typed, by_line, scanned=again)
    if faults or wrong:
        return Refused((*faults, *wrong))
    firsts = {line: by_line[line].first_by for line in counts}
    hands = read_hands(t.connection) if any(firsts.values()) else OWN_HANDS
    same = [line for line, who in firsts.items() if who and hands.is_one(who, t.actor)]
    if same:
        return Refused(tuple(Reason("count_same_person", {}, str(line)) for line in same))
    crossed = [_crossed(by_line[line], count, seen) for line, count in counts.items()]
    if any(crossed):
        return Refused(tuple(filter(None, crossed)))
    entered = {
        line: (by_line[line].batch, count)
        for line, count in counts.items()
        if by_line[line].counted != count
    }
    entered |= {line: one for line, one in scanned.items() if line not in by_line}
    locked = lock_batches(t, {batch for batch, _ in entered.values()})
    for line, (batch, count) in sorted(entered.items()):
        moved = moved_since(t, batch, found.head.after or 0)
        if line not in by_line:  # a batch that the list does not have was there all the same
            frozen = locked[batch].good - moved
            write_lines(t, found.id, [LineRow(line, batch, "good", None, frozen)])
        change_line(t, found.id, line, counted=count, moved=moved, counted_by=t.actor)
    return None


def _crossed(line: LineRow, count: int, seen: Texts) -> Reason | None:
    """Tell that a line has another figure by now than who counts it again has seen."""
    there = "" if line.counted is None else str(line.counted)
    if there == seen.get(str(line.line), "").strip() or line.counted in {None, count}:
        return None
    params = {"counted": line.counted, "who": line.counted_by, "count": count}
    return Reason("count_changed", params, str(line.line))


def _find_others(
    t: Transaction, found: LockedDocument, others: Sequence[AskedLine], *, scope: Scope
) -> tuple[dict[int, tuple[int, int]], list[Reason]]:
    """Give batch and quantity by line of what was scanned: lines of the list, or new ones."""
    place = find_place_of(t, found.head.warehouse or 0, scope=scope)
    if place is None or not others:
        return {}, []
    batches, faults = batches_of(t, place, others, new=True)
    if faults:
        return {}, faults
    lines = {one.batch: one.line for one in found.lines}
    rows: dict[int, tuple[int, int]] = {}
    for batch, one in zip(batches, others, strict=True):
        line = lines.setdefault(batch, max([0, *lines.values()]) + 1)
        rows[line] = batch, rows.get(line, (batch, 0))[1] + one.quantity
    return rows, []
