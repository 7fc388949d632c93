"""Two packs over the same orders: what changes, for whom, and by which rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rules.engine.result import Outcome, Result
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.tools.documents import DocumentError, PackName, Question, read
from rules.values.decimals import shown
from rules.values.units import Minor, Quantity

_FORMAT: Final = 1
_TOLD: Final = 10
_SIGNS: Final = {"priced": 1, "scheme_applied": -1, "taxed": 1}
"""The steps that move what is to pay, and which way."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What one rule adds to what is to pay, less what it takes off, and the units it gives free."""

    rule: str
    before: Minor
    after: Minor
    free_before: Quantity
    free_after: Quantity


@dataclass(frozen=True, slots=True)
class OrderChange:
    """One order that comes out otherwise: what is to pay, and what stands against it."""

    order: str
    outcome_before: Outcome
    outcome_after: Outcome
    payable_before: Minor
    payable_after: Minor
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]
    rules: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two packs over the same orders.

    `rules` are those that give otherwise, the largest difference first; `biggest` are the ten
    orders of which what is to pay moves most. An order has `changed` where its amounts, its free
    goods, its outcome or its reasons have.
    """

    format: int
    before: PackName
    after: PackName
    currency: str
    scale: int
    orders: int
    changed: int
    payable_before: Minor
    payable_after: Minor
    rules: tuple[RuleChange, ...]
    biggest: tuple[OrderChange, ...]


def read_orders(text: str) -> list[Question]:
    """Read JSON lines, each an order with its facts.

    Raises:
        DocumentError: with every fault, each with the number of its line.
    """
    asked, faults = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                asked.append(read(Question, line))
            except DocumentError as error:
                faults += [f"{number}: {fault}" for fault in error.faults]
    if faults:
        raise DocumentError(faults)
    return asked


def compare(before: CompiledPack, after: CompiledPack, orders: Iterable[Question]) -> Comparison:
    """Decide every order with both packs, which are of one currency and scale."""
    changes, pairs = [], []
    for asked in orders:
        one, other = (
            evaluate(asked.order, asked.facts, asked.counters, pack) for pack in (before, after)
        )
        pairs.append((one, other))
        if _differ(one, other):
            changes.append(_change(asked.order.id, one, other))
    changes.sort(key=lambda change: -abs(change.payable_after - change.payable_before))
    return Comparison(
        format=_FORMAT,
        before=PackName(before.name, before.version, before.hash),
        after=PackName(after.name, after.version, after.hash),
        currency=after.currency,
        scale=after.scale,
        orders=len(pairs),
        changed=len(changes),
        payable_before=Minor(sum(one.totals.payable for one, _ in pairs)),
        payable_after=Minor(sum(other.totals.payable for _, other in pairs)),
        rules=_by_rule(changes),
        biggest=tuple(changes[:_TOLD]),
    )


def _differ(one: Result, other: Result) -> bool:
    return (one.outcome, one.price_hash, one.totals, one.free, _codes(one)) != (
        other.outcome,
        other.price_hash,
        other.totals,
        other.free,
        _codes(other),
    )


def _codes(result: Result) -> list[tuple[str, str]]:
    return [(reason.code, reason.rule) for reason in result.reasons]


def _change(order: str, one: Result, other: Result) -> OrderChange:
    return OrderChange(
        order=order,
        outcome_before=one.outcome,
        outcome_after=other.outcome,
        payable_before=one.totals.payable,
        payable_after=other.totals.payable,
        reasons_before=tuple(reason.text for reason in one.reasons),
        reasons_after=tuple(reason.text for reason in other.reasons),
        rules=_rules(_effects(one), _effects(other)),
    )


Effects = dict[str, tuple[int, int]]


def _effects(result: Result) -> Effects:
    """Add up what each rule did: money, and units given free."""
    effects: Effects = {}
    for reason in result.trace:
        if reason.code in _SIGNS and reason.amount is not None:
            money, units = effects.get(reason.rule, (0, 0))
            effects[reason.rule] = money + _SIGNS[reason.code] * reason.amount, units
    for goods in result.free:
        money, units = effects.get(goods.rule, (0, 0))
        effects[goods.rule] = money, units + goods.quantity
    return effects


def _rules(before: Effects, after: Effects) -> tuple[RuleChange, ...]:
    """Give the rules that did otherwise, the largest difference in money first."""
    changes = [
        RuleChange(rule, Minor(old[0]), Minor(new[0]), Quantity(old[1]), Quantity(new[1]))
        for rule in sorted(before.keys() | after.keys())
        if (old := before.get(rule, (0, 0))) != (new := after.get(rule, (0, 0)))
    ]
    return tuple(sorted(changes, key=lambda change: -abs(change.after - change.before)))


def _by_rule(changes: Iterable[OrderChange]) -> tuple[RuleChange, ...]:
    before: Effects = {}
    after: Effects = {}
    for change in changes:
        for one in change.rules:
            old, new = before.get(one.rule, (0, 0)), after.get(one.rule, (0, 0))
            before[one.rule] = old[0] + one.before, old[1] + one.free_before
            after[one.rule] = new[0] + one.after, new[1] + one.free_after
    return _rules(before, after)


def told(comparison: Comparison) -> Iterator[str]:
    """Tell people of a comparison, a line at a time."""
    scale = comparison.scale
    before, after = comparison.before, comparison.after
    yield f"{before.name} {before.version} -> {after.name} {after.version}"
    yield f"{comparison.changed} of {comparison.orders} orders change"
    yield _row("", "before", "after", "change")
    payable = comparison.payable_before, comparison.payable_after
    yield _moved(f"To pay {comparison.currency}", *payable, scale=scale)
    if comparison.rules:
        yield "\nBy rule: what it adds to what is to pay, less what it takes off"
        yield from _told_rules(comparison.rules, scale)
    if comparison.biggest:
        yield "\nThe biggest changes"
    for change in comparison.biggest:
        yield _moved(change.order, change.payable_before, change.payable_after, scale=scale)
        if change.outcome_before != change.outcome_after:
            yield f"    {change.outcome_before} -> {change.outcome_after}"
        if change.reasons_before != change.reasons_after:
            yield from (f"    before: {text}" for text in change.reasons_before)
            yield from (f"    after:  {text}" for text in change.reasons_after)
        yield from (f"  {line}" for line in _told_rules(change.rules, scale))


def _told_rules(rules: Iterable[RuleChange], scale: int) -> Iterator[str]:
    for one in rules:
        if one.before != one.after:
            yield _moved(f"  {one.rule}", one.before, one.after, scale=scale)
        if one.free_before != one.free_after:
            yield f"  {one.rule} gives {one.free_before} -> {one.free_after} free"


def _moved(title: str, before: int, after: int, *, scale: int) -> str:
    sign = "+" if after > before else ""
    return _row(
        title, shown(before, scale), shown(after, scale), sign + shown(after - before, scale)
    )


def _row(title: str, *columns: str) -> str:
    return f"{title:<32}" + "".join(f"{text:>15}" for text in columns)
