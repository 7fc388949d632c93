"""What each scheme of a sale gives, line by line, on the goods that are kept of it."""

from collections.abc import Iterable
from typing import NamedTuple

from rules.engine.returns import Return, Sale
from rules.engine.tables import CompiledPack
from rules.stages.all_schemes import apply_schemes
from rules.stages.evaluation import evaluate
from rules.stages.returns.keeping import Sold, kept_run, price_of_piece
from rules.stages.run import Line
from rules.stages.trace import written_out
from rules.values.units import Minor, UnitPrice

_NOTHING = Return()
_SHARES = frozenset({"share_of_basket_discount", "share_of_order_discount"})
_WHOLE = frozenset({"scheme_applied", "free_goods_given"})


class Gift(NamedTuple):
    """What a scheme takes off a line of a sale, as the rules count it."""

    rule: str
    line: int
    amount: Minor


class FreeGift(NamedTuple):
    """Free goods of a sale by their number: whose they are, and what a piece costs by the sale.

    `unit_price` is None where neither a line of the sale nor a price list has one.
    """

    rule: str
    number: int
    sku: str
    unit_price: UnitPrice | None


class Gifts(NamedTuple):
    """What the schemes of a sale give: off its lines, and as goods on top of them."""

    taken_off: tuple[Gift, ...]
    free: tuple[FreeGift, ...]


def gifts_of(sale: Sale, pack: CompiledPack, *, back: Return = _NOTHING) -> Gifts:
    """Say what each scheme takes off each line that is kept, and which free goods are whose.

    Of a line at 100.00 with 8.00 off by A and 2.00 by B, that is 8.00 and 2.00; where half of it
    came back and B is not earned any more, 4.00 by A. A pack that keeps discounts as they were has
    A and B share what is kept as they shared the sale. Discounts that were asked for are no
    scheme's.

    Raises:
        RuleFailedError: a rule could not be evaluated.
    """
    sold = Sold(sale, pack, evaluate(sale.order, sale.facts, sale.counters, pack))
    run = kept_run(sold, _NOTHING if pack.returns.discounts == "keep" else back)
    apply_schemes(run)
    asked = {rule.id for rule in pack.discounts.rules}
    steps = [(one.code, one.rule, one.line, one.amount) for one in written_out(run.rows)]
    gifts = [
        Gift(rule, line, amount)
        for code, rule, line, amount in steps
        if code in _SHARES | _WHOLE and line is not None and amount
    ]
    # A step of several lines comes with each line's share, but for pieces that became free.
    inside = [
        (rule, amount)
        for code, rule, line, amount in steps
        if code == "free_goods_given" and line is None and amount
    ]
    gifts += _shared(run.lines, gifts, inside)
    free = (
        FreeGift(one.rule, one.number, one.sku, price_of_piece(sold, one.sku))
        for one in sold.result.free
    )
    return Gifts(tuple(one for one in gifts if one.rule not in asked), tuple(free))


def _shared(
    lines: Iterable[Line], told: Iterable[Gift], inside: Iterable[tuple[str, Minor]]
) -> list[Gift]:
    """Find on which lines pieces became free: what no other step says of their discount."""
    left = {line.number: line.line_discount + line.order_discount for line in lines}
    for one in told:
        left[one.line] = left.get(one.line, 0) - one.amount
    found = []
    for rule, amount in inside:
        missing = int(amount)
        for number, rest in sorted(left.items()):
            part = min(rest, missing)
            if part > 0:
                found.append(Gift(rule, number, Minor(part)))
                left[number] -= part
                missing -= part
    return found
