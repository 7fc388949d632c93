"""Why a scheme gave nothing on an order: asked on demand, of the engine's own conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable, customer_keys, path_keys
from rules.engine.inputs import Product
from rules.engine.result import NearMiss, Reason, Result
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import COUPON_KEY
from rules.stages.evaluation import evaluate
from rules.tools.schema.documents import Question
from rules.values.reasons import Params

GIVEN = frozenset({"scheme_applied", "free_goods_given"})
"""What the trace says of a scheme that gave something."""


class Unmet(NamedTuple):
    """A condition of a scheme that failed, as a code with its parameters."""

    code: str
    params: Params


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A scheme that gave nothing, and why: what the decision said, else what failed."""

    rule: str
    reasons: tuple[Reason | NearMiss | Unmet, ...]


def why_not(
    asked: Question, result: Result, pack: CompiledPack, *, texts: Mapping[str, str]
) -> tuple[WhyNot, ...]:
    """Explain every scheme that gave nothing; `texts` are the `if:` of rules as written."""
    given = {reason.rule for reason in result.trace if reason.code in GIVEN}
    answers = []
    for name, table in pack.scheme_tables():
        for place, (rule, scope) in enumerate(zip(table.rules, table.scopes, strict=True)):
            if rule.id not in given:
                reasons: tuple[Reason | NearMiss | Unmet, ...] = (
                    _told(rule.id, result)
                    or tuple(_unmet(scope, asked, by_delivery=name in pack.by_delivery))
                    or _condition(asked, pack, name, place=place, texts=texts)
                    or (_too_little(rule, result),)
                )
                answers.append(WhyNot(rule.id, reasons))
    return tuple(sorted(answers, key=lambda answer: answer.rule))


def _told(rule: str, result: Result) -> tuple[Reason, ...]:
    """Give what the decision itself said of a scheme that gave nothing."""
    return tuple(reason for reason in result.trace if reason.rule == rule)


def _unmet(scope: Scope, asked: Question, *, by_delivery: bool) -> Iterator[Unmet]:
    """Name the conditions that fail on the side of the day, the customer and the products."""
    day = asked.order.business_date
    if by_delivery:
        day = asked.order.delivery_date or day
    if day.toordinal() < scope.first:
        yield Unmet("scheme_not_started", {"day": date.fromordinal(scope.first).isoformat()})
    if day.toordinal() > scope.last:
        yield Unmet("scheme_ended", {"day": date.fromordinal(scope.last).isoformat()})
    mine = customer_keys(asked.facts.customer, asked.order.payment, asked.order.coupons)
    for key, keys in mine.items():
        yield from _failing(key, keys, scope)
    wanted = {key: values for key, values in scope.when.items() if key not in mine}
    barred = {key: values for key, values in scope.barred.items() if key not in mine}
    products = [asked.facts.products.get(line.sku) for line in asked.order.lines]
    if not any(_meets(one, wanted, barred) for one in products if one is not None):
        facts = [["fact.is", _fact(key, values)] for key, values in wanted.items()]
        facts += [["fact.is_not", _fact(key, values)] for key, values in barred.items()]
        if facts:
            yield Unmet("no_such_line", {"wanted": facts})


def _fact(key: str, values: Sequence[str]) -> Params:
    return {"fact": key, "values": list(values)}


def _failing(key: str, keys: Sequence[str], scope: Scope) -> Iterator[Unmet]:
    wanted, barred = scope.when.get(key), scope.barred.get(key, ())
    if key == COUPON_KEY and wanted is not None and not set(keys) & set(wanted):
        yield Unmet("coupon_needed", {"coupons": list(wanted)})
        return
    if wanted is not None and not keys:
        yield Unmet("fact_unknown", {"fact": key})
    elif wanted is not None and not set(keys) & set(wanted):
        yield Unmet("fact_differs", {"fact": key, "found": keys[-1], "wanted": list(wanted)})
    if set(keys) & set(barred):
        yield Unmet("fact_barred", {"fact": key, "found": keys[-1]})


def _meets(
    product: Product, wanted: Mapping[str, Sequence[str]], barred: Mapping[str, Sequence[str]]
) -> bool:
    keys = {
        "sku": (product.sku,),
        "category": path_keys(product.category),
        "brand": (product.brand,),
        "tax_class": (product.tax_class,),
    }
    return all(set(keys[key]) & set(values) for key, values in wanted.items()) and not any(
        set(keys[key]) & set(values) for key, values in barred.items()
    )


def _condition(
    asked: Question, pack: CompiledPack, name: str, *, place: int, texts: Mapping[str, str]
) -> tuple[Unmet, ...]:
    """Find out whether it was the `if:`, by deciding once more without it."""
    table: RuleTable[Any] = getattr(pack, name)
    rule = table.rules[place]
    if rule.condition is None:
        return ()
    rules = list(table.rules)
    rules[place] = replace(rule, condition=None)
    changes: dict[str, Any] = {name: RuleTable(rules, table.scopes)}
    without = evaluate(asked.order, asked.facts, asked.counters, replace(pack, **changes))
    seen = {one.rule for one in without.trace} | {one.rule for one in without.near_misses}
    if rule.id in seen:
        return (Unmet("condition_needed", {"condition": texts.get(rule.id, "if")}),)
    return ()


def _too_little(rule: Any, result: Result) -> NearMiss | Unmet:  # noqa: ANN401 (any scheme)
    """Name the count that was not reached: what nearly was is the better word for it."""
    near = [miss for miss in result.near_misses if miss.rule == rule.id]
    if near:
        return near[0]
    if hasattr(rule, "slabs"):
        start = rule.slabs[0].start
        told = (
            _counted(start, rule.unit) if rule.of == "qty" else ["start.money", {"amount": start}]
        )
        return Unmet("scheme_starts_at", {"start": told, "period": rule.each or "scheme"})
    if hasattr(rule, "tiers"):
        first = rule.tiers[0]
        least = max(first.start, rule.start_after + first.every)
        return Unmet("scheme_counts_by", {"start": _counted(least, rule.unit)})
    return Unmet("set_incomplete", {})


def _counted(count: int, unit: str | None) -> list[Any]:
    if unit is None:
        return ["start.pieces", {"count": count}]
    return ["start.packs", {"count": count, "unit": unit}]
