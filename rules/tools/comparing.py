"""Two packs over the same orders: what changes, for whom, and by which rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rules.engine.result import Outcome, PricedLine, Result
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import LANGUAGES
from rules.stages.evaluation import evaluate
from rules.stages.prices import price_of
from rules.stages.run import Run
from rules.tools.diffs.touching import Touched
from rules.tools.documents import PackName, Question
from rules.values.decimals import shown
from rules.values.rounding import extend
from rules.values.units import Minor, Quantity
from rules.words.sentences import Words

_FORMAT: Final = 1
_NO_MONEY: Final = Minor(0)
_NO_UNITS: Final = Quantity(0)
_SOLD: Final = slice(PricedLine._fields.index("quantity"), PricedLine._fields.index("mrp"))
"""What a line sells and for how much: neither what was asked for nor what is printed on it."""
_TOLD: Final = 10
_KEPT: Final = 200
_SIGNS: Final = {"priced": 1, "scheme_applied": -1, "taxed": 1}
"""The steps that move what is to pay, and which way."""


class Effect(NamedTuple):
    """What a rule did: money that it moves, units that it gives free, and what these are worth."""

    money: int = 0
    units: int = 0
    worth: int = 0

    def plus(self, other: "Effect") -> "Effect":
        """Add what it did elsewhere."""
        return Effect(*(one + more for one, more in zip(self, other, strict=True)))


Effects = dict[str, Effect]
"""What each rule did, by its id."""

_NONE: Final = Effect()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What one rule adds to what is to pay, less what it takes off, and the units it gives free.

    `worth` is what these units cost the distributor, or where that is not known their list price:
    a scheme that gives 2 of 5.00 instead of 1 moves nothing to pay and 5.00 of worth. `text` is
    what people call the rule, empty where it has none.
    """

    rule: str
    before: Minor
    after: Minor
    free_before: Quantity
    free_after: Quantity
    worth_before: Minor = _NO_MONEY
    worth_after: Minor = _NO_MONEY
    text: str = ""

    @property
    def size(self) -> int:
        """Give how much money and goods move, whichever way."""
        return _size(self)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """One order that comes out otherwise: what is to pay, the worth of its free goods, and why.

    People know it as `called`, by its number and its shop; empty where nobody said.
    """

    order: str
    outcome_before: Outcome
    outcome_after: Outcome
    payable_before: Minor
    payable_after: Minor
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    worth_before: Minor = _NO_MONEY
    worth_after: Minor = _NO_MONEY
    called: str = ""

    @property
    def size(self) -> int:
        """Give how much money and goods move, whichever way."""
        return _size(self) or sum(one.size for one in self.rules)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two packs over the same orders.

    `rules` are those that give otherwise, the largest difference first; `biggest` are the ten
    orders of which money and free goods move most. An order has `changed` where its amounts, its
    goods or its outcome have. `held` are orders that were accepted and would be held or rejected.
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
    held: int = 0
    worth_before: Minor = _NO_MONEY
    worth_after: Minor = _NO_MONEY
    units_before: Quantity = _NO_UNITS
    units_after: Quantity = _NO_UNITS


class Decided(NamedTuple):
    """A decision, and the pack that it was made with."""

    result: Result
    pack: CompiledPack


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
    held: int = 0

    def count(self, asked: Question, one: Decided, other: Decided) -> None:
        """Count one order, decided with both packs; the same result twice is one unchanged."""
        self.orders += 1
        self.payable_before += one.result.totals.payable
        self.payable_after += other.result.totals.payable
        if one.result is other.result or not _differ(one.result, other.result):
            return
        self.changed += 1
        self.held += one.result.outcome == "accept" != other.result.outcome
        before, after = _effects(asked, one), _effects(asked, other)
        rules = _rules(before, after, names_of(one.pack, other.pack))
        for mine, effects in ((self.before, before), (self.after, after)):
            for rule in rules:
                _add(mine, rule.rule, effects.get(rule.rule, _NONE))
        self._keep([_change(asked, (one, other), rules)])

    def join(self, other: "Tally") -> None:
        """Add the tally of later orders."""
        self.orders += other.orders
        self.changed += other.changed
        self.held += other.held
        self.payable_before += other.payable_before
        self.payable_after += other.payable_after
        for mine, theirs in ((self.before, other.before), (self.after, other.after)):
            for rule, effect in theirs.items():
                _add(mine, rule, effect)
        self._keep(other.biggest)

    def _keep(self, changes: Iterable[OrderChange]) -> None:
        """Keep the biggest; of equal ones the earlier order stays in front."""
        self.biggest += changes
        if len(self.biggest) > _KEPT:
            self._cut()

    def _cut(self) -> None:
        self.biggest.sort(key=lambda one: -one.size)
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
            rules=_rules(self.before, self.after, names_of(before, after)),
            biggest=tuple(self.biggest),
            held=self.held,
            worth_before=Minor(sum(one.worth for one in self.before.values())),
            worth_after=Minor(sum(one.worth for one in self.after.values())),
            units_before=Quantity(sum(one.units for one in self.before.values())),
            units_after=Quantity(sum(one.units for one in self.after.values())),
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
        other = evaluate(*inputs, after) if moves else one
        sums.count(asked, Decided(one, before), Decided(other, after))
    return sums


def _differ(one: Result, other: Result) -> bool:
    """Tell whether two results differ in outcome, money or goods; the cheapest look comes first."""
    return (
        one.outcome != other.outcome
        or one.totals != other.totals
        or _gifts(one) != _gifts(other)
        or [line[_SOLD] for line in one.lines] != [line[_SOLD] for line in other.lines]
    )


def _gifts(result: Result) -> dict[str, int]:
    """Count free goods by product, whichever scheme gives them."""
    gifts: dict[str, int] = {}
    for goods in result.free:
        gifts[goods.sku] = gifts.get(goods.sku, 0) + goods.quantity
    return {sku: count for sku, count in gifts.items() if count}


def _add(effects: Effects, rule: str, effect: Effect) -> None:
    effects[rule] = effects.get(rule, _NONE).plus(effect)


def _change(
    asked: Question, decided: tuple[Decided, Decided], rules: tuple[RuleChange, ...]
) -> OrderChange:
    one, other = (each.result for each in decided)
    return OrderChange(
        order=asked.order.id,
        outcome_before=one.outcome,
        outcome_after=other.outcome,
        payable_before=one.totals.payable,
        payable_after=other.totals.payable,
        reasons_before=_sentences(decided[0]),
        reasons_after=_sentences(decided[1]),
        rules=rules,
        worth_before=Minor(sum(rule.worth_before for rule in rules)),
        worth_after=Minor(sum(rule.worth_after for rule in rules)),
        called=asked.called,
    )


def names_of(before: CompiledPack, after: CompiledPack) -> Mapping[str, str]:
    """Give what people call the rules of two packs, the later one's names first."""
    return {**before.names(LANGUAGES[0]), **after.names(LANGUAGES[0])}


def _sentences(decided: Decided) -> tuple[str, ...]:
    result, pack = decided
    words = Words.of(LANGUAGES[0], scale=pack.scale, names=pack.names(LANGUAGES[0]))
    return tuple(words.sentence(reason) for reason in result.reasons)


def _effects(asked: Question, decided: Decided) -> Effects:
    """Add up what each rule did: money, units given free, and what these are worth."""
    effects: Effects = {}
    result, pack = decided
    for code, rule, amount in result.moved():
        if code in _SIGNS:
            _add(effects, rule, Effect(money=_SIGNS[code] * amount))
    if result.free:
        run = Run(asked.order, asked.facts, asked.counters, pack=pack)
        for goods in result.free:
            worth = _worth(run, goods.sku, goods.quantity)
            _add(effects, goods.rule, Effect(units=goods.quantity, worth=worth))
    return effects


def _worth(run: Run, sku: str, pieces: Quantity) -> Minor:
    """Say what pieces cost the distributor, or where that is not known, their list price."""
    product = run.facts.products.get(sku)
    cost = None if product is None else product.cost
    price = price_of(run, sku) if cost is None else cost
    return _NO_MONEY if price is None else extend(price, pieces, run.pack.scale)


def _rules(before: Effects, after: Effects, names: Mapping[str, str]) -> tuple[RuleChange, ...]:
    """Give the rules that did otherwise, those that move most money and goods first."""
    changes = [
        RuleChange(
            rule,
            Minor(old.money),
            Minor(new.money),
            Quantity(old.units),
            Quantity(new.units),
            Minor(old.worth),
            Minor(new.worth),
            names.get(rule, ""),
        )
        for rule in sorted(before.keys() | after.keys())
        if (old := before.get(rule, _NONE)) != (new := after.get(rule, _NONE))
    ]
    return tuple(sorted(changes, key=lambda change: -change.size))


def _size(change: RuleChange | OrderChange) -> int:
    if isinstance(change, RuleChange):
        money = change.after - change.before
    else:
        money = change.payable_after - change.payable_before
    return abs(money) + abs(change.worth_after - change.worth_before)


def told(comparison: Comparison) -> Iterator[str]:
    """Tell people of a comparison, a line at a time."""
    scale = comparison.scale
    before, after = comparison.before, comparison.after
    yield f"{before.name} {before.version} -> {after.name} {after.version}"
    yield f"{comparison.changed} of {comparison.orders} orders change"
    if comparison.held:
        yield f"{comparison.held} accepted orders would be held or rejected"
    yield _row("", "before", "after", "change")
    payable = comparison.payable_before, comparison.payable_after
    yield _moved(f"To pay {comparison.currency}", *payable, scale=scale)
    worth = comparison.worth_before, comparison.worth_after
    if any(worth):
        yield _moved("Worth of free goods that change", *worth, scale=scale)
        units = f"{comparison.units_before} -> {comparison.units_after}"
        yield f"  in pieces {units}"
    if comparison.rules:
        yield "\nBy rule: what it adds to what is to pay, less what it takes off"
        yield from _told_rules(comparison.rules, scale)
    if comparison.biggest:
        yield "\nThe biggest changes"
    for change in comparison.biggest:
        title = change.called or change.order
        yield _moved(title, change.payable_before, change.payable_after, scale=scale)
        if change.outcome_before != change.outcome_after:
            yield f"    {change.outcome_before} -> {change.outcome_after}"
        if change.reasons_before != change.reasons_after:
            yield from (f"    before: {text}" for text in change.reasons_before)
            yield from (f"    after:  {text}" for text in change.reasons_after)
        yield from (f"  {line}" for line in _told_rules(change.rules, scale))


def _told_rules(rules: Iterable[RuleChange], scale: int) -> Iterator[str]:
    for one in rules:
        name = one.text or one.rule
        if one.before != one.after:
            yield _moved(f"  {name}", one.before, one.after, scale=scale)
        if one.free_before != one.free_after:
            yield _moved(f"  {name} free", one.worth_before, one.worth_after, scale=scale)
            yield f"    {one.free_before} -> {one.free_after} pieces"


def _moved(title: str, before: int, after: int, *, scale: int) -> str:
    sign = "+" if after > before else ""
    return _row(
        title, shown(before, scale), shown(after, scale), sign + shown(after - before, scale)
    )


def _row(title: str, *columns: str) -> str:
    return f"{title:<32}" + "".join(f"{text:>15}" for text in columns)
