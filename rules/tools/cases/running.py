"""Runs the cases a pack carries; they need no hub, no catalogue and no parser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable
from rules.engine.inputs import Batch, Counters, Credit, Customer, Facts, Order, OrderLine, Product
from rules.engine.result import Result
from rules.engine.returns import Sale
from rules.engine.tables import CompiledPack, PriceRule
from rules.language.vocabulary import CREDIT_PARTS
from rules.stages.credit.gates import check_gate
from rules.stages.evaluation import evaluate
from rules.stages.returns.settling import settle_return
from rules.tools.cases.comparing import Difference, differences_of
from rules.tools.cases.counters import counters_of
from rules.tools.cases.quotes import quote_differences
from rules.tools.cases.returns import has_return, return_differences, return_of
from rules.values.units import Minor, Quantity, Rate, UnitPrice

_CASE_PRICES: Final = "CASE-PRICES"
_AS_OF: Final = "case"
_MEANINGLESS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What comes of values of the wrong kind; a runtime error where nothing is left to choose from."""


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that came out otherwise, and every difference in words."""

    case: str
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        return f"{self.case}: {'; '.join(one.text for one in self.differences)}"


def run_cases(pack: CompiledPack) -> tuple[CaseFailure, ...]:
    """Run every case of a pack and give those that fail.

    A case that cannot be decided fails as well: bytes that were damaged, or made by something else
    than our reader, may load and still mean nothing.
    """
    failures = []
    for number, case in enumerate(pack.cases, 1):
        try:
            differences = tuple(_compared(case, pack))
        except _MEANINGLESS as error:
            differences = (Difference((), f"cannot be decided: {error!r}"),)
        if differences:
            failures.append(CaseFailure(_name_of(case, number), differences))
    return tuple(failures)


def _name_of(case: object, number: int) -> str:
    name = case.get("name") if isinstance(case, Mapping) else None
    return name if isinstance(name, str) else f"case {number}"


def _compared(case: Mapping[str, Any], pack: CompiledPack) -> Iterator[Difference]:
    result = run_case(case, pack)
    yield from differences_of(case["expect"], result, pack.scale)
    yield from quote_differences(case, result, pack.quotes)
    if has_return(case):
        order, facts, counters, priced = asked_in(case, pack)
        settled = settle_return(Sale(order, facts, counters), return_of(case, result), priced)
        yield from return_differences(case["expect"], settled, pack.scale)


def run_case(case: Mapping[str, Any], pack: CompiledPack) -> Result:
    """Evaluate a case's order with its facts; at a later gate, give what that gate says of it."""
    order, facts, counters, priced = asked_in(case, pack)
    result = evaluate(order, facts, counters, priced)
    if "gate" not in case:
        return result
    check = check_gate(case["gate"], order, result.totals, facts=facts, pack=priced)
    decided = {one.name: getattr(result, one.name) for one in fields(Result)}
    return Result(
        **decided
        | {
            "outcome": check.outcome,
            "reasons": check.reasons,
            "approvals": check.approvals,
            "trace": check.trace,
        }
    )


def asked_in(
    case: Mapping[str, Any], pack: CompiledPack
) -> tuple[Order, Facts, Counters, CompiledPack]:
    """Give what a case asks `evaluate`."""
    lines = tuple(
        OrderLine(
            number,
            line["sku"],
            line["qty"],
            unit=line.get("unit"),
            batch=line.get("batch"),
            batch_reason=line.get("batch_reason", ""),
            percent_off=Rate(line.get("percent_off", 0)),
            off_each=UnitPrice(line.get("off_each", 0)),
        )
        for number, line in enumerate(case["lines"], 1)
    )
    order = Order(
        id=case["name"],
        customer=case["customer"]["id"],
        business_date=date.fromisoformat(case["on"]),
        lines=lines,
        payment=case["payment"],
        coupons=tuple(case.get("coupons", ())),
        choices=case.get("choices", {}),
        delivery_date=_day(case.get("delivery")),
    )
    counters = counters_of(case, pack, as_of=_AS_OF)
    return order, _facts(case), counters, _priced(case, pack)


def _priced(case: Mapping[str, Any], pack: CompiledPack) -> CompiledPack:
    """Let a case's own prices stand in for the default lists, so that it outlives them."""
    if "prices" not in case:
        return pack
    kept = [
        (rule, scope)
        for rule, scope in zip(pack.prices.rules, pack.prices.scopes, strict=True)
        if rule.level
    ]
    rules = [*(rule for rule, _ in kept), PriceRule(_CASE_PRICES, 0, case["prices"])]
    return replace(pack, prices=RuleTable(rules, [*(scope for _, scope in kept), Scope()]))


def _facts(case: Mapping[str, Any]) -> Facts:
    customer = case["customer"]
    credit = case.get("credit")
    return Facts(
        as_of=_AS_OF,
        customer=Customer(
            customer["id"],
            customer["type"],
            tuple(customer["geo"]),
            customer["status"],
            age_days=customer.get("age_days"),
        ),
        products={
            sku: Product(
                sku=sku,
                name=product["name"],
                category=tuple(product["category"]),
                brand=product["brand"],
                tax_class=product["tax_class"],
                pack_sizes=product["pack_sizes"],
                mrp=product.get("mrp"),
                cost=product.get("cost"),
            )
            for sku, product in case["products"].items()
        },
        credit=None if credit is None else _credit(credit),
        batches=_batches(case),
        distances=case.get("distances", {}),
    )


def _credit(credit: Mapping[str, Any]) -> Credit:
    return Credit(
        state=credit["state"],
        limit=Minor(credit["limit"]),
        exposure=Minor(credit["exposure"]),
        overdue=Minor(credit["overdue"]),
        overdue_days=credit["overdue_days"],
        **{part: Minor(credit[part]) for part in CREDIT_PARTS if part in credit},
    )


def _batches(case: Mapping[str, Any]) -> Mapping[str, tuple[Batch, ...]] | None:
    if "batches" not in case:
        return None
    by_sku: dict[str, list[Batch]] = {}
    for batch in case["batches"]:
        by_sku.setdefault(batch["sku"], []).append(
            Batch(
                id=batch["id"],
                sku=batch["sku"],
                warehouse=batch["warehouse"],
                available=Quantity(batch["available"]),
                received=date.fromisoformat(batch["received"]),
                manufactured=_day(batch["manufactured"]),
                expiry=_day(batch["expiry"]),
                mrp=batch.get("mrp"),
                blocked=bool(batch.get("blocked")),
            )
        )
    return {sku: tuple(batches) for sku, batches in by_sku.items()}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
