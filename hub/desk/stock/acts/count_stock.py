"""Count a warehouse or part of it: frozen, entered blind, and handed to a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.model import cells
from hub.desk.stock.model.heads import AskedHead, read_head
from hub.desk.stock.model.lines import AskedLine, Reading, Texts, read_lines
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.store.batches import batches_of
from hub.desk.stock.store.counting import freeze, moved_since
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
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

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
            after, lines = freeze(t, place, category.strip("/"))
            if not lines:
                return refused("stock_no_lines", field="category")
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
        by: str,
        scope: Scope,
        shown: Texts | None = None,
    ) -> Posted | Refused:
        """Enter what was counted, by line, and batches that the list does not have.

        `shown` is what stood in each line where it was typed: a line that was left as it stood is
        not entered, and one that somebody else has counted otherwise meanwhile is refused. What is
        entered again replaces what was there. What moved until now is written down beside it, so
        that later sales do not count.
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
            if shown is not None:
                counted, late = _only_changed(found, counted, shown)
                if late:
                    return Refused(tuple(late))
            wrong = _enter(t, found, counted=counted, others=lines, scope=scope)
            if wrong is not None:
                return wrong
            t.changed("stock")
            t.commit()
        return Posted(document, "counting")

    def hand_over(self, document: int, *, by: str, scope: Scope) -> Posted | Refused:
        """Hand a whole count to a second person; a line that nobody counted is missing."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = lock_document(t, document, scope=scope)
            if found is None:
                return refused("stock_document_unknown", document=document)
            if found.state != "counting":
                return refused("stock_document_settled", document=document)
            open_lines = sum(one.counted is None for one in found.lines)
            if open_lines:
                return refused("count_incomplete", lines=open_lines)
            settle_document(t, document, "counted", decided=False)
            t.commit()
        return Posted(document, "counted")


def _only_changed(
    found: LockedDocument, counted: Texts, shown: Texts
) -> tuple[dict[str, str], list[Reason]]:
    """Give the lines that were typed into; tell those that others have counted since."""
    by_line = {str(one.line): one for one in found.lines}
    changed = {
        name: text for name, text in counted.items() if text.strip() != shown.get(name, "").strip()
    }
    late: list[Reason] = []
    for name, text in changed.items():
        line = by_line.get(name)
        now = "" if line is None or line.counted is None else str(line.counted)
        if line is not None and now not in {shown.get(name, "").strip(), text.strip()}:
            params = {"counted": now, "by": line.counted_by or ""}
            late.append(Reason("count_line_changed", params, name))
    return changed, late


def _enter(
    t: Transaction,
    found: LockedDocument,
    *,
    counted: Texts,
    others: Sequence[AskedLine],
    scope: Scope,
) -> Refused | None:
    by_line = {one.line: one for one in found.lines}
    counts, faults = _read_counted(counted, by_line)
    more, wrong = _find_others(t, found, others, scope=scope)
    if faults or wrong:
        return Refused((*faults, *wrong))
    entered = {line: (by_line[line].batch, count) for line, count in counts.items()}
    entered |= {one.line: (one.batch, one.counted or 0) for one in more}
    locked = lock_batches(t, {batch for batch, _ in entered.values()})
    for line, (batch, count) in sorted(entered.items()):
        moved = moved_since(t, batch, found.head.after or 0)
        if line not in by_line:  # a batch that the list does not have was there all the same
            frozen = locked[batch].good - moved
            write_lines(t, found.id, [LineRow(line, batch, "good", None, frozen)])
        change_line(t, found.id, line, counted=count, moved=moved, counted_by=t.actor)
    return None


def _read_counted(
    texts: Texts, lines: Mapping[int, LineRow]
) -> tuple[dict[int, int], list[Reason]]:
    faults: list[Reason] = []
    read = Reading(texts, faults)
    counts = {}
    for name, text in texts.items():
        line = int(name) if name.isdecimal() else 0
        if line not in lines:
            faults.append(Reason("stock_line_unknown", {"line": line}, name))
        elif text.strip():
            counts[line] = read.cell(name, partial(cells.read_count, least=0), 0)
    return counts, faults


def _find_others(
    t: Transaction, found: LockedDocument, others: Sequence[AskedLine], *, scope: Scope
) -> tuple[list[LineRow], list[Reason]]:
    """Give lines of batches that were found: those of the list, or new ones of nothing frozen."""
    place = find_place_of(t, found.head.warehouse or 0, scope=scope)
    if place is None or not others:
        return [], []
    batches, faults = batches_of(t, place, others, new=True)
    if faults:
        return [], faults
    lines = {one.batch: one.line for one in found.lines}
    rows: dict[int, LineRow] = {}
    for batch, one in zip(batches, others, strict=True):
        line = lines.setdefault(batch, max([0, *lines.values()]) + 1)
        there = rows[line].counted or 0 if line in rows else 0
        rows[line] = LineRow(
            line, batch, "good", None, 0, counted=there + one.quantity, counted_by=t.actor
        )
    return list(rows.values()), []
