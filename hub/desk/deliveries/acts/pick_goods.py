"""Pick goods: each scan counts towards the lines of a pick list, what is wrong counts nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.deliveries.model.done import Counted
from hub.desk.deliveries.model.notes import LockedNote, NoteLine, not_for_sale
from hub.desk.deliveries.model.picking import (
    Found,
    ScannedGoods,
    find_lines,
    read_counted,
)
from hub.desk.deliveries.store.notes import count_picked, lock_notes, notes_of_wave
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.store import business_day
from hub.desk.products.model.typed import named_by
from hub.desk.products.reads.typed import find_in_rows
from hub.desk.stock.model.scans import Scan, read_scan
from hub.desk.stock.store.finding import find_scanned


@dataclass(slots=True)
class PickGoods:
    """The two ways to count what was picked, with what they need."""

    transactions: Transactions
    clock: Clock

    def scan(
        self, wave: int, typed: str, *, batch: str = "", by: str, scope: Scope
    ) -> Counted | Refused:
        """Count a scan towards the notes of a pick list: a bar code, a SKU, a name, `12*code`.

        `batch` is typed where the code has none. A product or a batch that nobody wants, more than
        is wanted, and what is expired or called back, is refused and counts nothing.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            notes = _open_notes(t, wave, scope=scope)
            if isinstance(notes, Refused):
                return notes
            goods = _read_goods(t, typed, batch.strip(), scope=scope)
            if isinstance(goods, Reason):
                return Refused((goods,))
            lines = [line for note in notes for line in note.pick_lines()]
            found = find_lines(lines, goods)
            if isinstance(found, Reason):
                return Refused((found,))
            picked = _pick(t, notes, found)
            if isinstance(picked, Refused):
                return picked
            t.commit()
        line = picked[-1]
        many = sum(one.quantity for one in found)
        left = sum(one.left for one in lines if (one.sku, one.batch) == (line.sku, line.code))
        return Counted(line.sku, line.code, many, left - many)

    def enter(
        self, wave: int, counted: Mapping[str, str], *, by: str, scope: Scope
    ) -> Counted | Refused:
        """Write how many were picked of lines, `12.3` being line 3 of note 12; blank is as it was.

        Without any, everything that is left counts as picked.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            notes = _open_notes(t, wave, scope=scope)
            if isinstance(notes, Refused):
                return notes
            found = _read_counts(notes, counted)
            if isinstance(found, Refused):
                return found
            picked = _pick(t, notes, found)
            if isinstance(picked, Refused):
                return picked
            t.commit()
        return Counted("", "", sum(one.quantity for one in found), 0)


def _open_notes(t: Transaction, wave: int, *, scope: Scope) -> list[LockedNote] | Refused:
    ids = notes_of_wave(t, wave, scope=scope)
    if not ids:
        return refused("delivery_unknown", delivery=wave)
    locked = lock_notes(t, ids, scope=scope)
    if isinstance(locked, Refused):
        return locked
    notes = [one.note for one in locked if one.note.state == "picking"]
    return notes or refused("delivery_settled", note=locked[0].note.number)


def _read_goods(t: Transaction, typed: str, batch: str, *, scope: Scope) -> ScannedGoods | Reason:
    times, code = read_counted(typed)
    try:
        scan = read_scan(code)
    except CellError as error:
        return error.reason._replace(field="code")
    found = find_scanned(t.connection, scan)
    if found is None and scan.sku:
        named = named_by(code, find_in_rows(t.connection, [code], scope=scope, stopped=True))
        if named and not named[0].cells:  # how many stands before the star alone
            found = find_scanned(t.connection, Scan(sku=named[1].sku))
    if found is None:
        return Reason("stock_product_unknown", {"code": code.strip()[:64]}, "code")
    if scan.batch_unclear and not batch:
        return Reason("scan_batch_unclear", {}, "batch")
    many = times * scan.count * found.factor
    if many <= 0:
        return Reason("pick_not_count", {"value": typed.strip()[:64]}, "code")
    return ScannedGoods(found.sku, batch or scan.batch, many)


def _read_counts(notes: Sequence[LockedNote], counted: Mapping[str, str]) -> list[Found] | Refused:
    lines = {f"{one.delivery}.{one.number}": one for note in notes for one in note.pick_lines()}
    if not any(text.strip() for text in counted.values()):
        return [Found(one.delivery, one.number, one.left) for one in lines.values() if one.left]
    found, faults = [], []
    for name, text in counted.items():
        line = lines.get(name)
        if not text.strip() or line is None:
            continue
        many = int(text) if text.strip().isdecimal() else -1
        if not 0 <= many <= line.picked + line.left:
            faults.append(Reason("pick_not_count", {"value": text.strip()[:64]}, name))
        else:
            found.append(Found(line.delivery, line.number, many - line.picked))
    return Refused(tuple(faults)) if faults else found


def _pick(
    t: Transaction, notes: Sequence[LockedNote], found: Sequence[Found]
) -> list[NoteLine] | Refused:
    """Count what was found; goods that may not be sold any more are refused."""
    by_key = {(note.id, line.number): line for note in notes for line in note.lines}
    lines = [by_key[one.delivery, one.number] for one in found]
    day = business_day(t)
    growing = [line for line, one in zip(lines, found, strict=True) if one.quantity > 0]
    faults = [fault for line in growing if (fault := not_for_sale(line, day))]
    if faults:
        return Refused(tuple(faults))
    count_picked(t, found)
    return lines
