"""What of an invoice may be credited: its notes so far, and what the rules make of a return."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from hub.base.fields import Reason, Refused, refused
from hub.base.transaction import Transaction
from hub.desk.deliveries.store.billing import delivered_of
from hub.desk.invoices.model.billing import InvoiceLine, LineKey
from hub.desk.invoices.model.crediting import Came, Credited, LineCredits, not_absent
from hub.desk.invoices.model.settling import (
    Account,
    Moved,
    Note,
    asked_of,
    charge_lines,
    move_lines,
    return_of,
)
from hub.desk.invoices.store.restocking import read_restocked
from hub.desk.orders.deciding import (
    Content,
    Desk,
    GoodsLine,
    read_step,
    settle_back,
    undelivered,
)
from rules import CounterChange, Quantity, Return, ReturnResult, TaxPart

_LINES: Final = """
SELECT line, order_id, free, order_line, content, product_id, sku, name, hsn, unit, quantity,
       unit_price, gross, discount, net, of_line
FROM invoice_line WHERE invoice_id = ? ORDER BY line
"""
_TAXES: Final = """
SELECT line, head, rate, amount, per_unit FROM invoice_tax WHERE invoice_id = ? ORDER BY line, head
"""
_NOTES: Final = """
SELECT id, kind, payable FROM invoice WHERE of_id = ? AND cancelled_day IS NULL ORDER BY id
"""
_PAYABLE: Final = "SELECT payable FROM invoice WHERE id = ?"
_COUNT: Final = "SELECT count(*) FROM invoice WHERE of_id = ?"
_ORDER: Final = """
SELECT number, status FROM order_ WHERE id = ?
"""
_INVOICES: Final = """
SELECT DISTINCT i.id FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
WHERE l.order_id = ? AND i.of_id IS NULL AND i.cancelled_day IS NULL ORDER BY i.id
"""


def read_lines(t: Transaction, invoice: int) -> dict[int, InvoiceLine]:
    """Read the lines of a document with their heads of tax, by number."""
    heads: dict[int, list[TaxPart]] = {}
    for line, head, rate, amount, per_unit in t.rows(_TAXES, (invoice,)):
        heads.setdefault(line, []).append(TaxPart(head, rate, amount, per_unit))
    found = {}
    for number, order, free, place, *rest in t.rows(_LINES, (invoice,)):
        content, product, sku, name, hsn, unit, quantity, price, gross, discount, net, of = rest
        found[number] = InvoiceLine(
            number=number,
            key=(order, bool(free), place),
            content=content,
            product=product,
            sku=sku,
            name=name,
            hsn=hsn,
            unit=unit,
            quantity=quantity,
            unit_price=price,
            gross=gross,
            discount=discount,
            net=net,
            heads=tuple(heads.get(number, ())),
            of_line=of,
        )
    return found


def count_notes(t: Transaction, invoice: int) -> int:
    """Count the notes of an invoice, cancelled ones too."""
    return int(t.rows(_COUNT, (invoice,))[0][0])


def invoices_of_order(t: Transaction, order: int) -> list[int]:
    """Give the invoices that bill an order."""
    return [int(one) for (one,) in t.rows(_INVOICES, (order,))]


@dataclass(frozen=True, slots=True)
class Billed:
    """Invoices by their ids with their notes, and what of each line is credited so far."""

    accounts: dict[int, Account] = field(default_factory=dict)
    before: dict[int, dict[int, LineCredits]] = field(default_factory=dict)

    def read(self, t: Transaction, invoice: int, *, but: Collection[int] = ()) -> None:
        """Read an invoice, once; `but` are notes that are left out."""
        if invoice in self.accounts:
            return
        notes = [
            Note(kind == "debit_note", payable, tuple(read_lines(t, note).values()))
            for note, kind, payable in t.rows(_NOTES, (invoice,))
            if note not in but
        ]
        payable = t.rows(_PAYABLE, (invoice,))[0][0]
        account = Account(payable, read_lines(t, invoice), tuple(notes))
        before = account.before
        for (line, _), count in read_restocked(t, invoice, but=but).items():
            had = before.get(line, LineCredits())
            before[line] = replace(had, restocked=had.restocked + count)
        self.accounts[invoice] = account
        self.before[invoice] = before


@dataclass(slots=True)
class Settled:
    """What the rules made of goods that came back: what moves of each invoice.

    `changes` are what goes back to the counters of schemes, by order; `step` is to what amounts are
    rounded off.
    """

    moved: dict[int, Moved] = field(default_factory=dict)
    changes: dict[int, tuple[CounterChange, ...]] = field(default_factory=dict)
    step: int = 1

    def add(self, invoice: int, line: InvoiceLine, *, more: bool) -> None:
        """Add a line that is credited, or charged where it is `more`."""
        moved = self.moved.setdefault(invoice, Moved())
        (moved.debits if more else moved.credits).append(line)


def settle_goods(
    t: Transaction,
    desk: Desk,
    *,
    billed: Billed,
    asked: Mapping[int, Credited],
    but: Collection[int] = (),
) -> Settled | Refused:
    """Have the rules settle what came back, order by order, over all invoices of each.

    What is asked of is read, and its orders are locked; other invoices of them are read here.
    """
    orders = sorted(
        {
            billed.accounts[invoice].lines[number].key[0]
            for invoice, one in asked.items()
            for counts in (one.back, one.charged)
            for number in counts
        }
    )
    settled = Settled()
    for order in orders:
        invoices = invoices_of_order(t, order)
        for invoice in invoices:
            billed.read(t, invoice, but=but)
        own = {one: billed.accounts[one] for one in invoices}
        result = _settle(t, desk, order, billed=billed, own=own, asked=asked)
        if isinstance(result, Refused):
            return result
        for invoice, account in own.items():
            said = asked.get(invoice, Credited())
            for more, line in move_lines(order, account, asked=said, result=result):
                settled.add(invoice, line, more=more)
        for invoice, more, line in charge_lines(order, own, asked=asked, result=result):
            settled.add(invoice, line, more=more)
        settled.changes[order] = result.changes
        settled.step = max(settled.step, read_step(t, desk, _content(order, own)))
    return settled


def _content(order: int, own: Mapping[int, Account]) -> Content:
    """Give the revision of an order that its invoices bill."""
    contents = (
        line.content
        for account in own.values()
        for line in account.lines.values()
        if line.key[0] == order
    )
    return Content(order, max(contents))


def _settle(
    t: Transaction,
    desk: Desk,
    order: int,
    *,
    billed: Billed,
    own: Mapping[int, Account],
    asked: Mapping[int, Credited],
) -> ReturnResult | Refused:
    content = _content(order, own)
    number, status = t.rows(_ORDER, (order,))[0]
    if status not in {"delivered", "invoiced"}:
        return refused("credit_goods_not_delivered", order=number)
    delivered = delivered_of(t, order)
    missing = undelivered(t, content, delivered)
    unbilled = undelivered(t, content, _count(order, own))
    if unbilled not in ({}, missing):
        return refused("credit_order_parts", order=number)
    came = _came(order, own, billed.before, never={} if unbilled else missing)
    faults = [
        fault
        for invoice, account in own.items()
        if invoice in asked
        for fault in not_absent(_of(asked[invoice], account, order), account.lines, came)
    ]
    if faults:
        return Refused(tuple(faults))
    accounts = list(own.values())
    before = _with(
        return_of(order, accounts, [billed.before[one] for one in own]), unbilled=unbilled
    )
    counts = [asked_of(asked.get(one, Credited())) for one in own]
    returned = return_of(order, accounts, counts)
    result = settle_back(t, desk, content, returned=returned, before=before)
    if result is None:
        return refused("billing_tax_unknown", order=number)
    names = {
        line.sku: line.name for account in accounts for line in account.lines.values() if line.name
    }
    return _refuse(result, number, names=names) or result


def _of(asked: Credited, account: Account, order: int) -> Credited:
    """Leave what is asked of one order's lines."""
    lines = account.lines
    return replace(
        asked, back={one: n for one, n in asked.back.items() if lines[one].key[0] == order}
    )


def _with(before: Return, *, unbilled: Mapping[GoodsLine, int]) -> Return:
    """Count what never came, and was never billed, as back."""
    lines, free = dict(before.lines), dict(before.free)
    for (given, line), count in unbilled.items():
        into = free if given else lines
        into[line] = Quantity(into.get(line, 0) + count)
    return Return(lines, free, before.charged)


def _count(order: int, own: Mapping[int, Account]) -> dict[GoodsLine, int]:
    billed: dict[GoodsLine, int] = {}
    for account in own.values():
        for one in account.lines.values():
            if one.key[0] == order:
                billed[one.key[1:]] = billed.get(one.key[1:], 0) + one.quantity
    return billed


def _came(
    order: int,
    own: Mapping[int, Account],
    before: Mapping[int, Mapping[int, LineCredits]],
    *,
    never: Mapping[GoodsLine, int],
) -> dict[LineKey, Came]:
    """Say of each line of an order what came of what is billed, over all its invoices."""
    found: dict[LineKey, Came] = {}
    for (free, line), count in _count(order, own).items():
        missing = never.get((free, line), 0)
        found[order, free, line] = Came(count - missing, missing)
    for invoice, account in own.items():
        for number, had in before[invoice].items():
            one = account.lines.get(number)
            if one is not None and one.key in found:
                came = found[one.key]
                found[one.key] = came._replace(
                    restocked=came.restocked + had.restocked, absent=came.absent + had.absent
                )
    return found


def _refuse(result: ReturnResult, order: str, *, names: Mapping[str, str]) -> Refused | None:
    """Say why the rules credit nothing: they refuse, or free goods have to come back first."""
    if result.outcome != "accept":
        reasons = tuple(Reason(one.code, dict(one.params)) for one in result.reasons[:1])
        return Refused(reasons) if reasons else refused("billing_tax_unknown", order=order)
    if not result.owed:
        return None
    owed = result.owed[0]
    product = names.get(owed.sku, owed.sku)
    return refused("credit_goods_owed", product=product, quantity=owed.quantity, order=order)
