"""What a sale comes to with what is kept of it: at its own prices, earning anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, Protocol

from rules import OrderLine, Quantity
from tests.differential.plain.decide import Change, changes_of, give_schemes
from tests.differential.plain.desk import Desk, Row, Sums
from tests.differential.plain.free import count_given
from tests.differential.plain.prices import add_tax, price_of
from tests.differential.plain.sums import EXACT, NOTHING, rounded


class Back(Protocol):
    """What has come back, by the numbers of lines and of free goods."""

    @property
    def lines(self) -> Mapping[int, int]:
        """Give the pieces of lines."""

    @property
    def free(self) -> Mapping[int, int]:
        """Give the free pieces."""

    @property
    def charged(self) -> Mapping[int, int]:
        """Give the free pieces that are paid for instead."""


@dataclass(frozen=True)
class Amounts:
    """What a line comes to, or what is credited of it; heads of tax by name."""

    pieces: int = 0
    gross: Decimal = NOTHING
    line_off: Decimal = NOTHING
    order_off: Decimal = NOTHING
    tax: Decimal = NOTHING
    heads: Mapping[str, Decimal] = field(default_factory=dict)

    def less(self, other: "Amounts") -> "Amounts":
        """Take another state of the line away."""
        names = sorted({*self.heads, *other.heads})
        heads = {
            name: self.heads.get(name, NOTHING) - other.heads.get(name, NOTHING) for name in names
        }
        return Amounts(
            self.pieces - other.pieces,
            self.gross - other.gross,
            self.line_off - other.line_off,
            self.order_off - other.order_off,
            self.tax - other.tax,
            {name: amount for name, amount in heads.items() if amount},
        )

    def any(self) -> bool:
        """Tell whether there is anything in it."""
        sums = (self.gross, self.line_off, self.order_off, self.tax)
        return bool(self.pieces or any(sums) or any(self.heads.values()))


class Owed(NamedTuple):
    """Free goods that have to come back, and what a piece costs otherwise."""

    number: int
    sku: str
    rule: str
    pieces: int
    price: Decimal | None


@dataclass(frozen=True)
class Kept:
    """A sale without what came back of it."""

    lines: Mapping[int, Amounts]
    charges: Mapping[int, Amounts]
    owed: tuple[Owed, ...]
    totals: Sums
    changes: tuple[Change, ...]
    holds: tuple[str, ...]


def keep(sold: Desk, back: Back) -> Kept:
    """Work out what the sale comes to without what is back, and what is still owed."""
    terms = sold.document["pack"].get("returns", {})
    desk = _what_is_left(sold, back)
    give_schemes(desk)
    owed = _owed(sold, desk, back)
    _let_keep(sold, desk)
    if terms.get("discounts") == "keep":
        lines, changes = _shares(sold, back), _changes_that_stay(sold, desk)
    else:
        add_tax(desk)
        lines, changes = {row.number: _amounts(row) for row in desk.rows}, changes_of(desk)
    at_once = terms.get("free_goods") == "charge"
    asked = [
        one._replace(
            pieces=min(one.pieces, one.pieces if at_once else back.charged.get(one.number, 0))
        )
        for one in owed
        if one.price is not None
    ]
    charged = _charge(sold, [one for one in asked if one.pieces])
    charges = {row.number: _amounts(row) for row in charged.rows}
    left = [
        one._replace(
            pieces=one.pieces - (charges[one.number].pieces if one.number in charges else 0)
        )
        for one in owed
    ]
    unpriced = at_once and any(one.price is None for one in owed)
    holds = [held.code for held in charged.holds] + ["free_goods_unpriced"] * unpriced
    return Kept(
        lines,
        charges,
        tuple(one for one in left if one.pieces),
        _sums(sold, [*lines.values(), *charges.values()]),
        tuple(changes),
        tuple(holds),
    )


def _what_is_left(sold: Desk, back: Back) -> Desk:
    """Put down what is left of every line, at the price of the sale."""
    desk = sold.cleared()
    for line, was in zip(sold.order.lines, sold.rows, strict=True):
        left = was.quantity - back.lines.get(was.number, 0)
        if was.quantity and not left:
            continue
        desk.put_down(line)
        row = desk.rows[-1]
        row.quantity, row.price, row.pack, row.listed = left, was.price, was.pack, was.listed
        row.price_rule = was.price_rule
        if row.price is not None and left:
            row.gross = rounded(EXACT.divide(row.listed * left, Decimal(row.pack)), desk.scale)
            desk.sold.append(row)
    desk.sold.sort(key=lambda row: (row.sku, row.quantity, row.number))
    return desk


def _amounts(row: Row) -> Amounts:
    return Amounts(row.quantity, row.gross, row.line_off, row.order_off, row.tax, dict(row.heads))


def _shares(sold: Desk, back: Back) -> dict[int, Amounts]:
    """Let every piece keep its share of each sum from the gross amount down."""
    shares = {}
    for row in sold.rows:
        left = row.quantity - back.lines.get(row.number, 0)
        if not left:
            continue
        sums = (row.gross, row.gross - row.line_off, row.net, row.net + row.tax)
        gross, after_line, net, paid = (
            rounded(EXACT.divide(amount * left, Decimal(row.quantity)), sold.scale)
            for amount in sums
        )
        heads = {
            head: rounded(EXACT.divide(amount * left, Decimal(row.quantity)), sold.scale)
            for head, amount in row.heads
        }
        tax = sum(heads.values(), NOTHING)
        if sold.document["pack"].get("tax") == "inclusive":
            gross += paid - tax - net
            after_line += paid - tax - net
            net = paid - tax
        shares[row.number] = Amounts(left, gross, gross - after_line, after_line - net, tax, heads)
    return shares


def _changes_that_stay(sold: Desk, desk: Desk) -> list[Change]:
    """Count free goods and purchases anew; discounts count as given while anything is kept."""
    free = {
        rule["id"]
        for rule in sold.rules("schemes")
        if "free" in rule and not rule["free"].get("inside")
    }
    anew = {(change[0], change[1]): change for change in changes_of(desk)}
    stay = []
    for rule, scope, used, spent, pieces, _ in changes_of(sold):
        if rule not in free and desk.sold:
            bought = anew[rule, scope][5] if (rule, scope) in anew else 0
            stay.append((rule, scope, used, spent, pieces, bought))
    return [*stay, *(change for change in anew.values() if change[0] in free)]


def _owed(sold: Desk, desk: Desk, back: Back) -> list[Owed]:
    """Hold what was given against what is back and what is still earned, piece by piece."""
    entitled: dict[tuple[str, str], int] = {}
    for sku, earned, rule, _ in desk.free:
        entitled[rule, sku] = entitled.get((rule, sku), 0) + earned
    schemes = {rule["id"]: rule for rule in sold.rules("schemes")}
    missing = [
        given - back.free.get(place, 0) for place, (_, _, _, given) in enumerate(sold.free, 1)
    ]
    for any_will_do in (False, True):
        for place, (sku, _, rule, _) in enumerate(sold.free):
            item = schemes[rule]["free"]["item"]
            varies = item == "cheapest" or isinstance(item, dict)
            for key in sorted(entitled):
                fits = key == (rule, sku) or (any_will_do and varies and key[0] == rule)
                while fits and missing[place] > 0 and entitled[key] > 0:
                    missing[place] -= 1
                    entitled[key] -= 1
    return [
        Owed(place, sku, rule, count, _price_of_piece(sold, sku))
        for place, ((sku, _, rule, _), count) in enumerate(zip(sold.free, missing, strict=True), 1)
        if count
    ]


def _let_keep(sold: Desk, desk: Desk) -> None:
    """Count of free goods what the sale gave: piece by piece, the same goods of the sale first."""
    schemes = {rule["id"]: rule for rule in sold.rules("schemes")}
    left = [given for _, _, _, given in sold.free]
    kept = [0] * len(desk.free)
    for turn in ("same place", "same goods", "any of the scheme"):
        for place, (sku, earned, rule, _) in enumerate(desk.free):
            item = schemes[rule]["free"]["item"]
            for at, (other_sku, _, other, _) in enumerate(sold.free):
                fits = {
                    "same place": place == at and (sku, rule) == (other_sku, other),
                    "same goods": (sku, rule) == (other_sku, other),
                    "any of the scheme": rule == other
                    and (item == "cheapest" or isinstance(item, dict)),
                }
                while fits[turn] and left[at] and kept[place] < earned:
                    left[at] -= 1
                    kept[place] += 1
    desk.free = [
        (sku, earned, rule, count)
        for (sku, earned, rule, _), count in zip(desk.free, kept, strict=True)
    ]
    count_given(desk)


def _price_of_piece(sold: Desk, sku: str) -> Decimal | None:
    for row in sold.rows:
        if row.sku == sku and row.price is not None:
            return row.price
    return price_of(sold, sku)


def _charge(sold: Desk, asked: list[Owed]) -> Desk:
    """Sell the free goods that are paid for, with their tax and without any discount."""
    desk = sold.cleared()
    for one in asked:
        desk.put_down(OrderLine(one.number, one.sku, Quantity(one.pieces)))
        row = desk.rows[-1]
        row.price = one.price
        row.gross = rounded((one.price or NOTHING) * one.pieces, desk.scale)
        desk.sold.append(row)
    add_tax(desk)
    return desk


def _sums(sold: Desk, lines: list[Amounts]) -> Sums:
    gross = sum((line.gross for line in lines), NOTHING)
    off = sum((line.line_off + line.order_off for line in lines), NOTHING)
    tax = sum((line.tax for line in lines), NOTHING)
    payable = sold.rounded_off(gross - off + tax)
    return Sums(gross, off, gross - off, tax, payable - (gross - off + tax), payable)
