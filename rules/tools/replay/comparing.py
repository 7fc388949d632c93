"""Two packs over the same orders: what changes, for whom, and by which rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from rules.engine.inputs import Facts, Product
from rules.engine.result import PricedLine, Result
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import LANGUAGES
from rules.stages.evaluation import evaluate
from rules.stages.prices import price_of
from rules.stages.run import Run
from rules.tools.replay.changes import (
    NO_EFFECT,
    NO_MONEY,
    Comparison,
    Effect,
    Effects,
    OrderChange,
    RuleChange,
)
from rules.tools.replay.touching import Touched
from rules.tools.schema.documents import PackName, Question
from rules.values.rounding import extend
from rules.values.units import Minor, Quantity
from rules.words.sentences import Words

_FORMAT: Final = 1
_SOLD: Final = slice(PricedLine._fields.index("quantity"), PricedLine._fields.index("mrp"))
"""What a line sells and for how much: neither what was asked for nor what is printed on it."""
_TOLD: Final = 10
_KEPT: Final = 200
_SIGNS: Final = {"priced": 1, "scheme_applied": -1, "taxed": 1}
"""The steps that move what is to pay, and which way."""


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
    held_payable: int = 0
    released: int = 0
    released_payable: int = 0

    def count(self, asked: Question, one: Decided, other: Decided) -> None:
        """Count one order, decided with both packs; the same result twice is one unchanged."""
        self.orders += 1
        self.payable_before += one.result.totals.payable
        self.payable_after += other.result.totals.payable
        if one.result is other.result or not _differ(one.result, other.result):
            return
        self.changed += 1
        self._count_outcomes(one.result, other.result)
        before, after = _effects(asked, one), _effects(asked, other)
        rules = _rules(before, after, names_of(one.pack, other.pack))
        for mine, effects in ((self.before, before), (self.after, after)):
            for rule in rules:
                _add(mine, rule.rule, effects.get(rule.rule, NO_EFFECT))
        self._keep([_change(asked, (one, other), rules)])

    def _count_outcomes(self, one: Result, other: Result) -> None:
        if one.outcome == "accept" != other.outcome:
            self.held += 1
            self.held_payable += one.totals.payable
        elif other.outcome == "accept" != one.outcome:
            self.released += 1
            self.released_payable += other.totals.payable

    def join(self, other: "Tally") -> None:
        """Add the tally of later orders."""
        self.orders += other.orders
        self.changed += other.changed
        self.held += other.held
        self.held_payable += other.held_payable
        self.released += other.released
        self.released_payable += other.released_payable
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
            held_payable=Minor(self.held_payable),
            released=self.released,
            released_payable=Minor(self.released_payable),
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
    effects[rule] = effects.get(rule, NO_EFFECT).plus(effect)


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
        run = Run(asked.order, _with_gifts(asked.facts, result), asked.counters, pack=pack)
        for goods in result.free:
            worth = _worth(run, goods.sku, goods.quantity)
            _add(effects, goods.rule, Effect(units=goods.quantity, worth=worth))
    return effects


def _with_gifts(facts: Facts, result: Result) -> Facts:
    """Give facts with every free product, one that nobody ordered by its SKU alone.

    The facts of a past order do not have the gift of a new scheme; its list price is known.
    """
    new = {goods.sku for goods in result.free} - facts.products.keys()
    if not new:
        return facts
    return replace(facts, products={**facts.products, **{sku: Product(sku, sku) for sku in new}})


def _worth(run: Run, sku: str, pieces: Quantity) -> Minor:
    """Say what pieces cost the distributor, or where that is not known, their list price."""
    product = run.facts.products.get(sku)
    cost = None if product is None else product.cost
    price = price_of(run, sku) if cost is None else cost
    return NO_MONEY if price is None else extend(price, pieces, run.pack.scale)


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
        if (old := before.get(rule, NO_EFFECT)) != (new := after.get(rule, NO_EFFECT))
    ]
    return tuple(sorted(changes, key=lambda change: -change.size))
