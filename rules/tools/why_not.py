"""Why a scheme gave nothing on an order: asked on demand, of the engine's own conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable, customer_keys, path_keys
from rules.engine.inputs import Product
from rules.engine.result import Result
from rules.engine.schemes.periods import IN_PERIOD
from rules.engine.tables import CompiledPack
from rules.language.vocabulary import COUPON_KEY
from rules.stages.evaluation import evaluate
from rules.tools.documents import Question
from rules.values.decimals import shown

GIVEN = frozenset({"scheme_applied", "free_goods_given"})
"""What the trace says of a scheme that gave something."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A scheme that gave nothing, and which of its conditions failed, in plain words."""

    rule: str
    text: str


def why_not(
    asked: Question, result: Result, pack: CompiledPack, *, texts: Mapping[str, str]
) -> tuple[WhyNot, ...]:
    """Explain every scheme that gave nothing; `texts` are the `if:` of rules as written."""
    given = {reason.rule for reason in result.trace if reason.code in GIVEN}
    answers = []
    for name, table in scheme_tables(pack):
        for place, (rule, scope) in enumerate(zip(table.rules, table.scopes, strict=True)):
            if rule.id not in given:
                words = (
                    _told(rule.id, result)
                    or list(_unmet(scope, asked))
                    or _condition(asked, pack, name, place=place, texts=texts)
                    or [_too_little(rule, pack, result)]
                )
                answers.append(WhyNot(rule.id, "; ".join(words)))
    return tuple(sorted(answers, key=lambda answer: answer.rule))


def scheme_tables(pack: CompiledPack) -> Iterator[tuple[str, RuleTable[Any]]]:
    """Give the tables of all schemes: those whose rules may have bounds."""
    for field in fields(pack):
        table = getattr(pack, field.name)
        if isinstance(table, RuleTable) and table.rules and hasattr(table.rules[0], "bounds"):
            yield field.name, table


def _told(rule: str, result: Result) -> list[str]:
    """Give what the decision itself said of a scheme that gave nothing."""
    told = dict.fromkeys(reason.text for reason in result.trace if reason.rule == rule)
    return [text.removeprefix(f"{rule} ") for text in told]


def _unmet(scope: Scope, asked: Question) -> Iterator[str]:
    """Name the conditions that fail on the side of the day, the customer and the products."""
    day = asked.order.business_date
    if day.toordinal() < scope.first:
        yield f"starts on {date.fromordinal(scope.first)}"
    if day.toordinal() > scope.last:
        yield f"ended on {date.fromordinal(scope.last)}"
    mine = customer_keys(asked.facts.customer, asked.order.payment, asked.order.coupons)
    for key, keys in mine.items():
        yield from _failing(key, keys, scope)
    wanted = {key: values for key, values in scope.when.items() if key not in mine}
    barred = {key: values for key, values in scope.barred.items() if key not in mine}
    products = [asked.facts.products.get(line.sku) for line in asked.order.lines]
    if not any(_meets(one, wanted, barred) for one in products if one is not None):
        words = [f"{key} {_either(values)}" for key, values in wanted.items()]
        words += [f"{key} not {_either(values)}" for key, values in barred.items()]
        if words:
            yield f"no line has {', '.join(words)}"


def _failing(key: str, keys: Sequence[str], scope: Scope) -> Iterator[str]:
    wanted, barred = scope.when.get(key), scope.barred.get(key, ())
    if key == COUPON_KEY and wanted is not None and not set(keys) & set(wanted):
        yield f"needs the coupon {_either(wanted)}"
        return
    is_ = f"{key} is {keys[-1]}" if keys else f"{key} is not known"
    if wanted is not None and not set(keys) & set(wanted):
        yield f"{is_}, not {_either(wanted)}" if keys else is_
    if set(keys) & set(barred):
        yield f"{is_}, which is left out"


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


def _either(values: Sequence[str]) -> str:
    return " or ".join(values)


def _condition(
    asked: Question, pack: CompiledPack, name: str, *, place: int, texts: Mapping[str, str]
) -> list[str]:
    """Find out whether it was the `if:`, by deciding once more without it."""
    table: RuleTable[Any] = getattr(pack, name)
    rule = table.rules[place]
    if rule.condition is None:
        return []
    rules = list(table.rules)
    rules[place] = replace(rule, condition=None)
    changes: dict[str, Any] = {name: RuleTable(rules, table.scopes)}
    without = evaluate(asked.order, asked.facts, asked.counters, replace(pack, **changes))
    seen = {one.rule for one in without.trace} | {one.rule for one in without.near_misses}
    if rule.id in seen:
        return [f"needs {texts.get(rule.id, 'its condition')}"]
    return []


def _too_little(rule: Any, pack: CompiledPack, result: Result) -> str:  # noqa: ANN401 (any scheme)
    """Name the count that was not reached: what nearly was is the better word for it."""
    near = [miss.text for miss in result.near_misses if miss.rule == rule.id]
    if near:
        return near[0]
    unit = getattr(rule, "unit", None) or "pieces"
    if hasattr(rule, "slabs"):
        start = rule.slabs[0].start
        count = f"{start} {unit}" if rule.of == "qty" else shown(start, pack.scale)
        return f"starts at {count}{IN_PERIOD[rule.each] if rule.each else ''}"
    if hasattr(rule, "every"):
        return f"needs {rule.every} {unit}"
    return "the order holds no complete set"
