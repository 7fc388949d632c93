"""What is billed of orders: by quantity, once, with taxes computed anew; and why it is not."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from hub.base.fields import Reason
from hub.desk.parties.model.sides import Side
from rules import CompiledPack, Minor, Quantity, TaxPart, half_up, tax_of, to_step

Kind = Literal["invoice", "bill_of_supply", "credit_note", "debit_note"]
KINDS: Final[tuple[Kind, ...]] = ("invoice", "bill_of_supply", "credit_note", "debit_note")
NOTES: Final[frozenset[Kind]] = frozenset({"credit_note", "debit_note"})
"""Kinds of documents that are of an invoice, and change what it comes to."""
SERIES: Final[Mapping[str, str]] = {
    "invoice": "INV{year}/",
    "credit_note": "CN{year}/",
    "debit_note": "DBN{year}/",
    "payment": "PAY{year}/",
    "claim": "CLM{year}/",
}
"""Kinds of numbers, with the prefix where a seller has not said another."""
GST_HEADS: Final = frozenset({"CGST", "SGST", "UTGST", "IGST", "GST"})
_WITHIN_STATE: Final = frozenset({"CGST", "SGST", "UTGST"})
_UNREGISTERED: Final = frozenset({None, "", "unregistered"})

OWN_PLACE: Final = "own"
"""The kind of a delivery address that is the buyer's own, and no other business."""

LineKey = tuple[int, bool, int]
"""An order by its row's id, whether it is free goods, and the line's number."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Base units of one batch that a line bills; `note` and `number` are of the delivery note."""

    quantity: int
    batch_id: int | None = None
    batch: str = ""
    expiry: date | None = None
    note: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an order as decided, with what invoices have billed of it so far.

    `content` is the revision that has its price. Amounts are of the whole `quantity`; `parts` are
    its heads of tax, of which the rates count.
    """

    key: LineKey
    content: int
    product: int | None
    sku: str
    name: str
    hsn: str
    unit: str
    quantity: int
    unit_price: int | None
    gross: int
    net: int
    total: int
    parts: tuple[TaxPart, ...]
    billed: int = 0
    billed_gross: int = 0
    billed_net: int = 0
    billed_total: int = 0

    @property
    def left(self) -> int:
        """Give how much of it no invoice has."""
        return self.quantity - self.billed


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line of an invoice: gross - discount = net, and net with its heads is the total."""

    number: int
    key: LineKey
    content: int
    product: int | None
    sku: str
    name: str
    hsn: str
    unit: str
    quantity: int
    unit_price: int | None
    gross: int
    discount: int
    net: int
    heads: tuple[TaxPart, ...]
    goods: tuple[Goods, ...] = ()
    of_line: int | None = None

    @property
    def tax(self) -> int:
        """Give what all heads come to."""
        return sum(one.amount for one in self.heads)

    @property
    def total(self) -> int:
        """Give what the line comes to."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Terms:
    """When a customer pays: so many days from a day; None where nobody said."""

    days: int | None = None
    start: str = "invoice"


def bill_line(
    sold: SoldLine, goods: Sequence[Goods], *, number: int, pack: CompiledPack | None
) -> InvoiceLine:
    """Bill some of a line: its part of the amounts, and taxes of that part computed anew.

    Of 10 for 99.99, 3 are 30.00; who bills the last of it bills what is left of the amounts.
    """
    quantity = sum(one.quantity for one in goods)
    gross, net, total = (
        whole - before
        if quantity == sold.left
        else half_up(whole * quantity, max(sold.quantity, 1))
        for whole, before in (
            (sold.gross, sold.billed_gross),
            (sold.net, sold.billed_net),
            (sold.total, sold.billed_total),
        )
    )
    heads: tuple[TaxPart, ...] = ()
    if pack is not None and sold.parts and not sold.key[1]:
        taxed = Minor(total if pack.tax_inclusive else net)
        heads = tax_of(taxed, sold.parts, quantity=Quantity(quantity), pack=pack)
        if pack.tax_inclusive:
            net = total - sum(one.amount for one in heads)
    return InvoiceLine(
        number=number,
        key=sold.key,
        content=sold.content,
        product=sold.product,
        sku=sold.sku,
        name=sold.name,
        hsn=sold.hsn,
        unit=sold.unit,
        quantity=quantity,
        unit_price=sold.unit_price,
        gross=gross,
        discount=gross - net,
        net=net,
        heads=heads,
        goods=tuple(goods),
    )


def round_to(lines: Sequence[InvoiceLine], pack: CompiledPack | None) -> int:
    """Give what rounds the sum of the lines to the pack's step, as the orders' own round off."""
    exact = Minor(sum(one.total for one in lines))
    return to_step(exact, pack.round_to) - exact if pack is not None else 0


def key_of(
    lines: Sequence[tuple[SoldLine, Sequence[Goods]]], *, cancelled: int, kind: str = "invoice"
) -> str:
    """Name what is billed: the same quantities of the same lines are one invoice, whoever asks.

    `cancelled` counts the invoices of these orders that were cancelled: what one of these billed
    may be billed again.
    """
    said = [
        [*sold.key, sold.billed, [[one.quantity, one.note, one.number] for one in goods]]
        for sold, goods in lines
    ]
    written = json.dumps([kind, cancelled, sorted(said)], separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def due_day(day: date, terms: Terms, *, payment: str, delivered: date | None) -> date | None:
    """Give the day by which an invoice is to be paid; None where a customer on credit has no terms.

    30 days from the end of the month make 30 December of an invoice of 12 November.
    """
    if payment != "credit":
        return day
    if terms.days is None:
        return None
    start = (delivered or day) if terms.start == "delivery" else day
    if terms.start == "end_of_month":
        start = day.replace(day=monthrange(day.year, day.month)[1])
    return start + timedelta(days=terms.days)


def kind_of(seller: Side, lines: Collection[InvoiceLine]) -> Kind:
    """Say what a seller makes: without a GSTIN and without tax it is a bill of supply."""
    return "invoice" if seller.gstin or any(one.heads for one in lines) else "bill_of_supply"


def faults_of(
    seller: Side, buyer: Side, lines: Collection[InvoiceLine], *, ship: Side | None = None
) -> Iterator[Reason]:
    """Tell what an invoice would lack, each with where it is entered.

    Goods for another business count as supplied where the buyer is, whatever the state they go to
    (section 10(1)(b)); a place of the buyer in another state is a customer of its own.
    """
    is_own = ship is not None and ship.gst_kind == OWN_PLACE
    if ship is not None and is_own and buyer.state and ship.state != buyer.state:
        params = {"state": ship.state, "home": buyer.state}
        yield Reason("address_other_state", params, "customer")
    heads = {part.head for one in lines for part in one.heads}
    if not seller.gstin:
        if heads & GST_HEADS and any(one.tax for one in lines):
            yield Reason("invoice_seller_gstin", {"seller": seller.name}, "seller")
        return
    if not seller.state or not seller.address:
        yield Reason("invoice_seller_state", {"seller": seller.name}, "seller")
    if not buyer.state:
        yield Reason("invoice_buyer_state", {"customer": buyer.name}, "customer")
    if buyer.gst_kind not in _UNREGISTERED and not buyer.gstin:
        yield Reason("invoice_buyer_gstin", {"customer": buyer.name}, "customer")
    for name in sorted({one.name or one.sku for one in lines if not one.hsn}):
        yield Reason("invoice_hsn_missing", {"product": name}, "product")
    if seller.state and buyer.state:
        wrong = heads & (_WITHIN_STATE if seller.state != buyer.state else {"IGST"})
        if wrong:
            yield Reason(
                "invoice_heads_misfit",
                {"head": min(wrong), "seller": seller.state, "customer": buyer.state},
                "customer",
            )


@dataclass(frozen=True, slots=True)
class RateSum:
    """What lines of one rate come to: taxable, and by head."""

    rate: int
    taxable: int
    heads: tuple[tuple[str, int], ...]

    @property
    def tax(self) -> int:
        """Give what all heads come to."""
        return sum(amount for _, amount in self.heads)


@dataclass(frozen=True, slots=True)
class HeadSum:
    """What lines come to that have one head of tax at one rate, in millionths."""

    head: str
    rate: int
    taxable: int
    amount: int


def sum_heads(lines: Collection[InvoiceLine]) -> tuple[HeadSum, ...]:
    """Add lines up by head and its own rate, the lowest first: CGST 2.5 % before CGST 9 %."""
    found: dict[tuple[int, str], HeadSum] = {}
    for one in lines:
        for part in one.heads:
            key = (part.rate, part.head)
            before = found.get(key, HeadSum(part.head, part.rate, 0, 0))
            taxable, amount = before.taxable + one.net, before.amount + part.amount
            found[key] = replace(before, taxable=taxable, amount=amount)
    return tuple(found[key] for key in sorted(found))


def sum_rates(lines: Collection[InvoiceLine]) -> tuple[RateSum, ...]:
    """Add lines up by the rate of their tax, in millionths, the lowest first."""
    found: dict[int, RateSum] = {}
    for one in lines:
        rate = sum(part.rate for part in one.heads)
        before = found.get(rate, RateSum(rate, 0, ()))
        heads = dict(before.heads)
        for part in one.heads:
            heads[part.head] = heads.get(part.head, 0) + part.amount
        found[rate] = replace(
            before, taxable=before.taxable + one.net, heads=tuple(sorted(heads.items()))
        )
    return tuple(found[rate] for rate in sorted(found))
