"""What the engine says, in the words of the second reading."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from rules import (
    ApprovalNeed,
    CounterChange,
    GateCheck,
    Reason,
    Result,
    ReturnedLine,
    ReturnResult,
)
from tests.differential.plain.decide import Change, Decision, in_order
from tests.differential.plain.desk import Gap, Pick, Sums
from tests.differential.plain.settling.approvals import Need
from tests.differential.plain.settling.cuts import added_up
from tests.differential.plain.settling.gates import Passage
from tests.differential.plain.settling.keeping import Amounts, Owed
from tests.differential.plain.settling.returns import Settled

Money = Callable[[int | None], Decimal]


def _in_currency(scale: int) -> Money:
    def money(minor: int | None) -> Decimal:
        return Decimal(minor or 0).scaleb(-scale)

    return money


def as_decision(result: Result, scale: int) -> Decision:
    """Write down what the engine decides."""
    money = _in_currency(scale)
    return Decision(
        result.outcome,
        _reasons(result.reasons),
        tuple(
            (
                line.number,
                line.sku,
                line.quantity,
                None if line.unit_price is None else Decimal(line.unit_price).scaleb(-4),
                line.price_rule,
                tuple(map(money, (*line[6:10], line.tax, line.total))),
                tuple((part.head, money(part.amount)) for part in line.taxes),
            )
            for line in result.lines
        ),
        tuple((one.sku, one.earned, one.rule, one.quantity) for one in result.free),
        Sums(*map(money, result.totals)),
        in_order(
            (one.rule, one.line, money(one.amount))
            for one in result.trace
            if one.code in {"scheme_applied", "free_goods_given"}
        ),
        _changes(result.changes, money),
        _needs(result.approvals, money),
        _picks(result),
        _gaps(result),
    )


def _need(need: ApprovalNeed, amount: Decimal) -> Need:
    offer = need.offer
    return Need(
        need.code,
        need.rule,
        need.steps,
        amount,
        need.within_min,
        need.otherwise,
        need.next_steps,
        need.require,
        need.never,
        need.delegate,
        tuple((one.after_min, one.action, one.roles) for one in need.escalations),
        None if offer is None else (offer.smaller, tuple(offer.payments)),
    )


def _picks(result: Result) -> tuple[Pick, ...]:
    return tuple(
        sorted(
            Pick(one.number, one.free, one.sku, one.warehouse, one.batch, one.quantity)
            for one in result.allocations
        )
    )


def _gaps(result: Result) -> tuple[Gap, ...]:
    if result.outcome == "reject":
        return ()
    return added_up(
        [Gap(one.number, one.free, one.missing, one.action, one.wait_days) for one in result.shorts]
    )


def _reasons(reasons: Iterable[Reason]) -> tuple[tuple[str, int | None], ...]:
    found = {(one.code, one.line) for one in reasons if one.code != "quantity_rounded"}
    return tuple(sorted(found, key=str))


def _changes(changes: Iterable[CounterChange], money: Money) -> tuple[Change, ...]:
    return tuple(
        sorted(
            (one.rule, one.scope, one.used, money(one.spent), one.pieces, one.bought)
            for one in changes
        )
    )


def _needs(approvals: Iterable[ApprovalNeed], money: Money) -> tuple[Need, ...]:
    return tuple(sorted((_need(one, money(one.amount)) for one in approvals), key=str))


def as_passage(check: GateCheck, scale: int) -> Passage:
    """Write down what a gate says."""
    approvals = _needs(check.approvals, _in_currency(scale))
    return Passage(check.outcome, _reasons(check.reasons), approvals)


def as_settled(settled: ReturnResult, scale: int) -> Settled:
    """Write down what a return comes to."""
    money = _in_currency(scale)
    return Settled(
        settled.outcome,
        tuple(sorted({one.code for one in settled.reasons})),
        tuple(_credits(settled.lines, money)),
        tuple(_credits(settled.charges, money)),
        tuple(
            Owed(
                one.number,
                one.sku,
                one.rule,
                one.quantity,
                None if one.unit_price is None else Decimal(one.unit_price).scaleb(-4),
            )
            for one in settled.owed
        ),
        Sums(*map(money, settled.totals)),
        _changes(settled.changes, money),
    )


def _credits(lines: Iterable[ReturnedLine], money: Money) -> list[tuple[int, Amounts]]:
    return sorted(
        (
            (
                line.number,
                Amounts(
                    line.quantity,
                    money(line.gross),
                    money(line.line_discount),
                    money(line.order_discount),
                    money(line.tax),
                    {part.head: money(part.amount) for part in line.taxes if part.amount},
                ),
            )
            for line in lines
        ),
        key=lambda one: one[0],
    )
