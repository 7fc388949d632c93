"""The second reading of the language: one order decided the slow way, rule by rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from rules import Counters, Facts, Order
from tests.differential.plain.asked import OF_A_PRICE, check_asked, give_asked
from tests.differential.plain.bounds import limits_of
from tests.differential.plain.combos import give_combos
from tests.differential.plain.desk import Desk, Document, Gap, Pick, Row, Sums
from tests.differential.plain.discounts import (
    PARTS,
    give_basket_schemes,
    give_line_schemes,
    give_order_schemes,
)
from tests.differential.plain.free import count_given, give_free_goods
from tests.differential.plain.prices import (
    add_tax,
    check_floors,
    check_mrp,
    fit_quantities,
    price_rows,
)
from tests.differential.plain.settling.allocation import allocate, check_batch_mrp
from tests.differential.plain.settling.approvals import Need, approvals_of
from tests.differential.plain.settling.credit import check_credit
from tests.differential.plain.settling.cuts import added_up, cuts_of, left_after
from tests.differential.plain.slabs import counts_pieces
from tests.differential.plain.sums import EXACT, NOTHING

Taking = tuple[str, int | None, Decimal]
"""A scheme, the line where it is about one only, and the money."""


Change = tuple[str, str, int, Decimal, int, int]
"""A scheme, the scope of its counter, and the uses, money, pieces and purchases it goes up by."""


@dataclass(frozen=True)
class Decision:
    """What two readings of the same rules must agree on; amounts in the major unit.

    What a refused order would have taken off the shelf is nobody's matter.
    """

    outcome: str
    reasons: tuple[tuple[str, int | None], ...]
    lines: tuple[tuple[object, ...], ...]
    free: tuple[tuple[str, int, str, int], ...]
    totals: Sums
    takings: tuple[Taking, ...]
    changes: tuple[Change, ...]
    approvals: tuple[Need, ...]
    picks: tuple[Pick, ...]
    gaps: tuple[Gap, ...]


def in_order(takings: Iterable[Taking]) -> tuple[Taking, ...]:
    """Put what the rules have given into one order."""
    return tuple(sorted(takings, key=lambda one: (one[0], one[1] or 0, one[2])))


def decide(order: Order, facts: Facts, counters: Counters, *, document: Document) -> Decision:
    """Decide an order by a rule file as it is written."""
    with localcontext(EXACT):
        return _decision(decided(Desk(document, order, facts, counters)))


def decided(desk: Desk) -> Desk:
    """Go through all stages; again for what is left after every cut."""
    price(desk)
    _settle(desk)
    cut: list[Gap] = []
    told: list[tuple[str, int | None]] = []
    while not desk.refusals and cuts_of(desk):
        left = left_after(desk)
        # What a multiple leaves out of what was to follow is cut as well.
        short = {
            row.number for row, rest in zip(desk.rows, left, strict=True) if rest < row.quantity
        }
        told += [one for one in desk.told if one[1] in short and one[0] not in OF_A_PRICE]
        cut += [
            Gap(row.number, False, row.quantity - rest, "cut", None)
            for row, rest in zip(desk.rows, left, strict=True)
            if rest < row.quantity
        ]
        desk = desk.cleared()
        price(desk, left)
        _settle(desk)
    desk.gaps[:0] = cut
    desk.told[:0] = told
    if desk.rows and not any(row.quantity for row in desk.rows) and not desk.refusals:
        desk.refusals.append(("out_of_stock", None))
    return desk


def price(desk: Desk, left: list[int] | None = None) -> None:
    """Go through the stages that make a price, for what is `left` of the lines."""
    for line in desk.order.lines:
        desk.put_down(line)
    _check_order(desk)
    fit_quantities(desk)
    for row, quantity in zip(desk.rows, left or (), strict=False):
        row.quantity = quantity
    price_rows(desk)
    give_schemes(desk)
    check_floors(desk)
    add_tax(desk)
    check_mrp(desk)


def give_schemes(desk: Desk) -> None:
    """Give what all schemes give, stage by stage."""
    give_line_schemes(desk)
    give_basket_schemes(desk)
    give_combos(desk)
    give_asked(desk)
    give_order_schemes(desk)
    give_free_goods(desk)


def _settle(desk: Desk) -> None:
    """Go through the stages that only the hub can."""
    check_credit(desk)
    if not desk.refusals:
        allocate(desk)
        count_given(desk)
        check_batch_mrp(desk)


def _check_order(desk: Desk) -> None:
    if not desk.rows:
        desk.refusals.append(("order_empty", None))
    if len({row.number for row in desk.rows}) < len(desk.rows):
        desk.refusals.append(("line_repeated", None))
    for row in desk.rows:
        if row.ordered < 1:
            desk.refusals.append(("quantity_invalid", row.number))
            row.quantity = 0
    check_asked(desk)


def _decision(desk: Desk) -> Decision:
    sold = not desk.refusals
    return Decision(
        *desk.verdict(),
        tuple(_line(row) for row in desk.rows),
        tuple(desk.free),
        desk.totals,
        in_order(desk.takings),
        tuple(changes_of(desk)) if sold else (),
        approvals_of(desk),
        tuple(sorted(desk.picks)) if sold else (),
        added_up(desk.gaps) if sold else (),
    )


def _line(row: Row) -> tuple[object, ...]:
    amounts = (row.gross, row.line_off, row.order_off, row.net, row.tax, row.net + row.tax)
    return (row.number, row.sku, row.quantity, row.price, row.price_rule, amounts, tuple(row.heads))


def changes_of(desk: Desk) -> list[Change]:
    """Say what the counters of bounded and cumulative schemes go up by."""
    changes: dict[tuple[str, str], Change] = {}
    for rule in desk.rules("schemes"):
        if rule["id"] not in desk.given:
            continue
        spent, pieces = desk.given[rule["id"]]
        for limit in limits_of(desk, rule):
            key = (rule["id"], limit.scope)
            before = changes.get(key)
            counted = pieces if limit.pieces is not None else 0 if before is None else before[4]
            changes[key] = (*key, 1, spent, counted, 0)
    for key, bought in desk.bought.items():
        rule = next(rule for rule in desk.rules("schemes") if rule["id"] == key[0])
        count = rule["count"]
        unit = PARTS if "in" in count else 1 if counts_pieces(rule) else 10**desk.scale
        _, _, used, spent, pieces, _ = changes.get(key, (*key, 0, NOTHING, 0, 0))
        changes[key] = (*key, used, spent, pieces, int(bought * unit))
    return sorted(changes.values())
