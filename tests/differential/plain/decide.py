"""The second reading of the language: one order decided the slow way, rule by rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from rules import Counters, Facts, Order
from tests.differential.plain.bounds import limits_of
from tests.differential.plain.combos import give_combos
from tests.differential.plain.desk import Desk, Document, Row
from tests.differential.plain.discounts import (
    PARTS,
    give_basket_schemes,
    give_line_schemes,
    give_order_schemes,
)
from tests.differential.plain.free import give_free_goods
from tests.differential.plain.prices import (
    add_tax,
    check_floors,
    check_mrp,
    fit_quantities,
    price_rows,
)
from tests.differential.plain.slabs import counts_pieces
from tests.differential.plain.sums import EXACT, NOTHING, rounded

Taking = tuple[str, int | None, Decimal]
"""A scheme, the line where it is about one only, and the money."""


Change = tuple[str, str, int, Decimal, int, int]
"""A scheme, the scope of its counter, and the uses, money, pieces and purchases it goes up by."""


@dataclass(frozen=True)
class Decision:
    """What two readings of the same rules must agree on; amounts in the major unit."""

    outcome: str
    reasons: tuple[tuple[str, int | None], ...]
    lines: tuple[tuple[object, ...], ...]
    free: tuple[tuple[str, int, str], ...]
    totals: tuple[Decimal, ...]
    takings: tuple[Taking, ...]
    changes: tuple[Change, ...]


def in_order(takings: Iterable[Taking]) -> tuple[Taking, ...]:
    """Put what the rules have given into one order."""
    return tuple(sorted(takings, key=lambda one: (one[0], one[1] or 0, one[2])))


def decide(order: Order, facts: Facts, counters: Counters, *, document: Document) -> Decision:
    """Decide an order by a rule file as it is written; credit and stock are not asked."""
    with localcontext(EXACT):
        desk = Desk(document, order, facts, counters)
        for line in order.lines:
            product, quantity = facts.products.get(line.sku), line.quantity
            desk.rows.append(Row(line.number, line.sku, quantity, quantity, product, line.unit))
        _check_order(desk)
        fit_quantities(desk)
        price_rows(desk)
        give_line_schemes(desk)
        give_basket_schemes(desk)
        give_combos(desk)
        give_order_schemes(desk)
        give_free_goods(desk)
        check_floors(desk)
        add_tax(desk)
        check_mrp(desk)
        _check_customer(desk)
        return _decision(desk)


def _check_order(desk: Desk) -> None:
    if not desk.rows:
        desk.refusals.append(("order_empty", None))
    if len({row.number for row in desk.rows}) < len(desk.rows):
        desk.refusals.append(("line_repeated", None))
    for row in desk.rows:
        if row.ordered < 1:
            desk.refusals.append(("quantity_invalid", row.number))
            row.quantity = 0


def _check_customer(desk: Desk) -> None:
    if desk.facts.customer.status == "blocked":
        desk.refusals.append(("customer_blocked", None))
    elif desk.facts.customer.status == "hold":
        desk.holds.append(("customer_on_hold", None))


def _decision(desk: Desk) -> Decision:
    outcome = "reject" if desk.refusals else "hold" if desk.holds else "accept"
    return Decision(
        outcome,
        tuple(sorted([*desk.refusals, *desk.holds], key=str)),
        tuple(_line(row) for row in desk.rows),
        tuple(desk.free),
        _totals(desk),
        in_order(desk.takings),
        () if desk.refusals else tuple(_changes(desk)),
    )


def _line(row: Row) -> tuple[object, ...]:
    amounts = (row.gross, row.line_off, row.order_off, row.net, row.tax, row.net + row.tax)
    return (row.number, row.sku, row.quantity, row.price, row.price_rule, amounts, tuple(row.heads))


def _totals(desk: Desk) -> tuple[Decimal, ...]:
    gross = sum((row.gross for row in desk.sold), NOTHING)
    net = sum((row.net for row in desk.sold), NOTHING)
    tax = sum((row.tax for row in desk.sold), NOTHING)
    step = Decimal(desk.document["pack"].get("round_to", Decimal(1).scaleb(-desk.scale)))
    payable = rounded((net + tax) / step, 0) * step
    return (gross, gross - net, net, tax, payable - net - tax, payable)


def _changes(desk: Desk) -> list[Change]:
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
