"""Which price list holds for a line, and what the levels above it make of its price."""

from collections.abc import Sequence
from typing import Final

from rules.engine.inputs import Product
from rules.engine.result import PackPrice
from rules.engine.tables import Move, PriceRule
from rules.stages.run import Line
from rules.stages.trace import Money, Row, Wording
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.rounding import adjusted
from rules.values.units import Quantity, UnitPrice


class Found:
    """The price of `size` base units, the list it is from, and what moved it, strongest first."""

    __slots__ = ("base", "moving", "price", "size")

    def __init__(
        self, price: UnitPrice, size: int, *, base: PriceRule, moving: Sequence[PriceRule]
    ) -> None:
        self.price = price
        self.size = size
        self.base = base
        self.moving = moving

    @property
    def pack(self) -> PackPrice | None:
        """Give the price of a whole pack, where that is what the list is for."""
        if self.base.unit is None or self.size == 1:
            return None
        return PackPrice(self.base.unit, Quantity(self.size), self.price)


def find_price(line: Line, product: Product, holding: list[PriceRule]) -> Found | None:
    """Walk down the rules that hold until one lists the product, then come back up moving."""
    moving: list[PriceRule] = []
    for rule in holding:
        if moving and moving[-1].level == rule.level:
            continue
        if rule.rates is None and rule.mrp is None:
            moving.append(rule)
            continue
        size = 1 if rule.unit is None else _size(rule, line, product)
        listed = _listed(rule, line) if size else None
        if listed is not None:
            price = _moved(listed, moving, size=size) if moving else listed
            return Found(price, size, base=rule, moving=moving)
    return None


def passed_over(
    line: Line, product: Product, holding: list[PriceRule], *, found: Found | None
) -> list[tuple[str, str]]:
    """Give the lists before the one found, with words, that have the unit and not the count."""
    told = []
    for rule in holding:
        if found is not None and rule is found.base:
            break
        if rule.unit is None or rule.unit != line.unit or _listed(rule, line) is None:
            continue
        size, name = product.pack_sizes.get(rule.unit, 0), product.name
        if not size:
            told.append((rule.id, f"{rule.id} is for a {rule.unit}, {name} has none"))
        elif _count(line) % size:
            count = f"{_count(line)} {name} are no whole number of them"
            told.append((rule.id, f"{rule.id} is for a {rule.unit} of {size}, {count}"))
    return told


def _told(row: Row, _: Money) -> str:
    """Say what a line costs and why."""
    found: Found
    mrp: UnitPrice | None
    found, mrp = row[4]
    each = f"a {found.base.unit} of {found.size}" if found.pack else "each"
    text = f"{shown_unit_price(found.price)} {each}, from {found.base.id}"
    if found.base.mrp is not None and mrp is not None:
        text += f": MRP {shown_unit_price(mrp)}"
        text += f" and {shown_percent(found.base.mrp)} %" if found.base.mrp else ""
    for rule in reversed(found.moving):
        if rule.margin is not None:
            text += f" and a margin of {_told_move(rule.margin)} by {rule.id}"
    for rule in reversed(found.moving):
        if rule.adjust is not None:
            text += f" and {_told_move(rule.adjust)} by {rule.id}"
    return text


PRICED: Final = Wording("price", "priced", _told)
"""The step of a line that has a price; its row ends with what was found, and the line's MRP."""


def _size(rule: PriceRule, line: Line, product: Product) -> int:
    """Give how many base units a list's price is for; 0 where it holds no such count."""
    base = product.base_unit
    if rule.unit != (line.unit or base):
        return 0
    size = 1 if rule.unit == base else product.pack_sizes.get(rule.unit, 0)
    return 0 if size and _count(line) % size else size


def _count(line: Line) -> Quantity:
    """Give the quantity that says which list holds: what stock cuts off leaves a line its list."""
    return line.quantity if line.uncut is None else line.uncut


def _listed(rule: PriceRule, line: Line) -> UnitPrice | None:
    if rule.rates is not None:
        return rule.rates.get(line.sku)
    if rule.mrp is None or line.mrp is None:
        return None
    return adjusted(line.mrp, rule.mrp)


def _moved(price: UnitPrice, moving: Sequence[PriceRule], *, size: int) -> UnitPrice:
    """Put the margins on first, then adjust what they have raised, the lowest level first."""
    for rule in reversed(moving):
        if rule.margin is not None:
            price = _move(price, rule.margin, size=size)
    for rule in reversed(moving):
        if rule.adjust is not None:
            price = _move(price, rule.adjust, size=size)
    return price


def _move(price: UnitPrice, move: Move, *, size: int) -> UnitPrice:
    if move.amount:
        return UnitPrice(price + move.amount * size)
    return adjusted(price, move.percent)


def _told_move(move: Move) -> str:
    if not move.amount:
        return f"{shown_percent(move.percent)} %"
    return f"{'-' if move.amount < 0 else ''}{shown_unit_price(abs(move.amount))} a piece"
