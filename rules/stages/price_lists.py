"""Which price list holds for a line, and what the levels above it make of its price."""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

from rules.engine.inputs import Product
from rules.engine.result import PackPrice
from rules.engine.tables import Move, PriceRule
from rules.stages.run import Line
from rules.stages.trace import Row, Step
from rules.values.reasons import Param, Params
from rules.values.rounding import adjusted
from rules.values.units import Quantity, UnitPrice


class PassedOver(NamedTuple):
    """A list that has a line's unit and not its count, as a step of the trace."""

    rule: str
    code: str
    params: Params


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
) -> list[PassedOver]:
    """Give the lists before the one found that have the unit and not the count."""
    told = []
    for rule in holding:
        if found is not None and rule is found.base:
            break
        if rule.unit is None or rule.unit != line.unit or _listed(rule, line) is None:
            continue
        size, name, count = product.pack_sizes.get(rule.unit, 0), product.name, _count(line)
        if not size:
            without: Params = {"list": rule.id, "unit": rule.unit, "product": name}
            told.append(PassedOver(rule.id, "list_unit_unknown", without))
        elif count % size:
            uneven: Params = {
                "list": rule.id,
                "unit": rule.unit,
                "size": size,
                "count": count,
                "product": name,
            }
            told.append(PassedOver(rule.id, "list_passed_over", uneven))
    return told


def _params(row: Row) -> Params:
    """Say what a line costs and why."""
    found: Found = row[4][0]
    per: Param = ["price.each", {}]
    if found.pack is not None:
        per = ["price.pack", {"unit": found.pack.unit, "size": found.size}]
    return {"price": found.price, "per": per, "made": _made(found, row[4][1])}


def _made(found: Found, mrp: UnitPrice | None) -> list[Any]:
    """Say what a price was made from: its list, then every move in its turn."""
    base = found.base
    made: list[Any] = [["price.list", {"list": base.id}]]
    if base.mrp is not None and mrp is not None:
        made = [["price.mrp_list", {"list": base.id, "mrp": mrp}]]
        if base.mrp:
            made.append(["price.mrp_percent", {"percent": base.mrp}])
    if not found.moving:
        return made
    for rule in reversed(found.moving):
        if rule.margin is not None:
            made.append(_move_of("margin", rule.margin, rule.id))
    for rule in reversed(found.moving):
        if rule.adjust is not None:
            made.append(_move_of("adjust", rule.adjust, rule.id))
    return made


_AMOUNTS: Final = {"margin": "price.margin_amount", "adjust": "price.adjust_amount"}
_PERCENTS: Final = {"margin": "price.margin_percent", "adjust": "price.adjust_percent"}

PRICED: Final = Step("price", "priced", _params)
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


def _move_of(kind: Literal["margin", "adjust"], move: Move, rule: str) -> list[Any]:
    if move.amount:
        return [_AMOUNTS[kind], {"amount": move.amount, "rule": rule}]
    return [_PERCENTS[kind], {"percent": move.percent, "rule": rule}]
