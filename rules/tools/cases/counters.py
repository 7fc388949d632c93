"""What schemes gave before a case's order, as the counters that the engine asks for."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from rules.engine.inputs import Counters
from rules.engine.schemes.bounds import Whose
from rules.engine.schemes.periods import EVERYBODY, scope_of
from rules.engine.tables import CompiledPack
from rules.values.rounding import PARTS
from rules.values.units import Minor, Quantity


class _Had(NamedTuple):
    """What one scheme gave in one scope; `bought` is in whole units of the scheme."""

    rule: str
    scope: str
    uses: int = 0
    qty: Quantity = Quantity(0)
    amount: Minor = Minor(0)
    bought: int = 0


def counters_of(case: Mapping[str, Any], pack: CompiledPack, *, as_of: str) -> Counters:
    """Count what all customers (`used`) and the case's own (`had`) had of schemes before."""
    rows = [*_rows(case, pack, whose="total"), *_rows(case, pack, whose="customer")]
    return Counters(
        as_of,
        used={(row.rule, row.scope): row.uses for row in rows},
        spent={(row.rule, row.scope): row.amount for row in rows},
        bought={(row.rule, row.scope): row.bought for row in rows},
        pieces={(row.rule, row.scope): row.qty for row in rows},
        leased=tuple(case.get("leased", ())),
    )


def _rows(case: Mapping[str, Any], pack: CompiledPack, *, whose: Whose) -> Iterator[_Had]:
    key, who = ("used", EVERYBODY) if whose == "total" else ("had", case["customer"]["id"])
    if key not in case:
        return
    day = date.fromisoformat(case["on"])
    schemes = {rule.id: rule for _, table in pack.scheme_tables() for rule in table.rules}
    for name, had in case[key].items():
        counts = dict(had) if isinstance(had, Mapping) else {"uses": had}
        scheme = schemes[name]
        limits = scheme.bounds.limits if scheme.bounds is not None else ()
        periods = {limit.each for limit in limits if limit.whose == whose}
        if "bought" in counts:
            counts["bought"] *= 1 if scheme.unit is None else PARTS
            periods.add(scheme.each)
        for scope in sorted(scope_of(who, each, day) for each in periods):
            yield _Had(name, scope, **counts)
