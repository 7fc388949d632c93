"""Two packs over the same orders: what changes, for whom, and by which rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rules.engine.result import Outcome, Result
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.tools.diffs.touching import Touched
from rules.tools.documents import PackName, Question
from rules.values.decimals import shown
from rules.values.units import Minor, Quantity
from rules.words.sentences import sentence

_FORMAT: Final = 1
_TOLD: Final = 10
_KEPT: Final = 200
_SIGNS: Final = {"priced": 1, "scheme_applied": -1, "taxed": 1}
"""The steps that move what is to pay, and which way."""


Effects = dict[str, tuple[int, int]]
"""What each rule did: money, and units given free."""


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


@dataclass(slots=True)
class Tally:
    """What some of the orders add to a comparison; tallies of parts are joined in their order.

    `scale` is that of both packs: reasons are written with it.
    """

    scale: int
    orders: int = 0
    changed: int = 0
    payable_before: int = 0
    payable_after: int = 0
    before: Effects = field(default_factory=dict)
    after: Effects = field(default_factory=dict)
    biggest: list[OrderChange] = field(default_factory=list)

    def count(self, order: str, one: Result, other: Result) -> None:
        """Count one order, decided with both packs; the same result twice is one unchanged."""
        self.orders += 1
        self.payable_before += one.totals.payable
        self.payable_after += other.totals.payable
        if one is other or not _differ(one, other):
            return
        self.changed += 1
        change = _change(order, one, other, scale=self.scale)
        for rule in change.rules:
            _add(self.before, rule.rule, rule.before, free=rule.free_before)
            _add(self.after, rule.rule, rule.after, free=rule.free_after)
        self._keep([change])

    def join(self, other: "Tally") -> None:
        """Add the tally of later orders."""
        self.orders += other.orders
        self.changed += other.changed
        self.payable_before += other.payable_before
        self.payable_after += other.payable_after
        for mine, theirs in ((self.before, other.before), (self.after, other.after)):
            for rule, (money, units) in theirs.items():
                _add(mine, rule, money, free=units)
        self._keep(other.biggest)

    def _keep(self, changes: Iterable[OrderChange]) -> None:
        """Keep the biggest; of equal ones the earlier order stays in front."""
        self.biggest += changes
        if len(self.biggest) > _KEPT:
            self._cut()

    def _cut(self) -> None:
        self.biggest.sort(key=lambda one: -abs(one.payable_after - one.payable_before))
        del self.biggest[_TOLD:]

    def comparison(self, before: CompiledPack, after: CompiledPack) -> Comparison:
        """Give what all orders came to under two packs."""
        self._cut()
        return Comparison(
            format=_FORMAT,
            before=PackName.of(before),
            after=PackName.of(after),
            currency=after.currency,
            scale=after.scale,
            orders=self.orders,
            changed=self.changed,
            payable_before=Minor(self.payable_before),
            payable_after=Minor(self.payable_after),
            rules=_rules(self.before, self.after),
            biggest=tuple(self.biggest),
        )


def compare(
    before: CompiledPack,
    after: CompiledPack,
    orders: Iterable[Question],
    *,
    touched: Touched | None = None,
) -> Comparison:
    """Decide every order with both packs, which are of one currency and scale.

    What `touched` says no change of rules can move is decided with one pack, for both.
    """
    return tally(before, after, orders, touched=touched).comparison(before, after)


def tally(
    before: CompiledPack,
    after: CompiledPack,
    orders: Iterable[Question],
    *,
    touched: Touched | None = None,
) -> Tally:
    """Decide orders with both packs, and add up what comes of it."""
    sums = Tally(after.scale)
    for asked in orders:
        inputs = asked.order, asked.facts, asked.counters
        one = evaluate(*inputs, before)
        moves = touched is None or touched.may_move(asked)
        sums.count(asked.order.id, one, evaluate(*inputs, after) if moves else one)
    return sums


def _differ(one: Result, other: Result) -> bool:
    """Compare what is there at once before what has to be written out."""
    return (
        one.outcome != other.outcome
        or one.totals != other.totals
        or one.free != other.free
        or _codes(one) != _codes(other)
        or one.price_hash != other.price_hash
    )


def _codes(result: Result) -> list[tuple[str, str]]:
    return [(reason.code, reason.rule) for reason in result.reasons]


def _add(effects: Effects, rule: str, money: int, *, free: int) -> None:
    old = effects.get(rule, (0, 0))
    effects[rule] = old[0] + money, old[1] + free


def _change(order: str, one: Result, other: Result, *, scale: int) -> OrderChange:
    return OrderChange(
        order=order,
        outcome_before=one.outcome,
        outcome_after=other.outcome,
        payable_before=one.totals.payable,
        payable_after=other.totals.payable,
        reasons_before=tuple(sentence(reason, scale=scale) for reason in one.reasons),
        reasons_after=tuple(sentence(reason, scale=scale) for reason in other.reasons),
        rules=_rules(_effects(one), _effects(other)),
    )


def _effects(result: Result) -> Effects:
    """Add up what each rule did: money, and units given free."""
    effects: Effects = {}
    for code, rule, amount in result.moved():
        if code in _SIGNS:
            _add(effects, rule, _SIGNS[code] * amount, free=0)
    for goods in result.free:
        _add(effects, goods.rule, 0, free=goods.quantity)
    return effects


def _rules(before: Effects, after: Effects) -> tuple[RuleChange, ...]:
    """Give the rules that did otherwise, the largest difference in money first."""
    changes = [
        RuleChange(rule, Minor(old[0]), Minor(new[0]), Quantity(old[1]), Quantity(new[1]))
        for rule in sorted(before.keys() | after.keys())
        if (old := before.get(rule, (0, 0))) != (new := after.get(rule, (0, 0)))
    ]
    return tuple(sorted(changes, key=lambda change: -abs(change.after - change.before)))


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
