"""What schemes gave before a case's order, as the counters that the engine asks for."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rules.engine.inputs import Count, CounterKey, Counters
from rules.engine.schemes.bounds import Whose
from rules.engine.schemes.periods import EVERYBODY, scope_of
from rules.engine.tables import CompiledPack
from rules.values.rounding import PARTS
from rules.values.units import Minor, Quantity


def counters_of(case: Mapping[str, Any], pack: CompiledPack, *, as_of: str) -> Counters:
    """Count what all customers (`used`) and the case's own (`had`) had of schemes before."""
    counts = {
        **dict(_counts(case, pack, whose="total")),
        **dict(_counts(case, pack, whose="customer")),
    }
    return Counters(as_of, counts, leased=tuple(case.get("leased", ())))


def _counts(
    case: Mapping[str, Any], pack: CompiledPack, *, whose: Whose
) -> Iterator[tuple[CounterKey, Count]]:
    key, who = ("used", EVERYBODY) if whose == "total" else ("had", case["customer"]["id"])
    if key not in case:
        return
    day = date.fromisoformat(case["on"])
    schemes = {rule.id: rule for _, table in pack.scheme_tables() for rule in table.rules}
    for name, had in case[key].items():
        said = had if isinstance(had, Mapping) else {"uses": had}
        scheme = schemes[name]
        limits = scheme.bounds.limits if scheme.bounds is not None else ()
        periods = {limit.each for limit in limits if limit.whose == whose}
        if "bought" in said:
            periods.add(scheme.each)
        count = Count(
            said.get("uses", 0),
            Minor(said.get("amount", 0)),
            said.get("bought", 0) * (1 if scheme.unit is None else PARTS),
            Quantity(said.get("qty", 0)),
        )
        for scope in sorted(scope_of(who, each, day) for each in periods):
            yield (name, scope), count
