"""What all slab schemes share: what one takes off within its bounds, and how it is told."""

from typing import Final

from rules.engine.result import NearMiss, StageName
from rules.engine.schemes.slabs import Slab, is_closed
from rules.engine.tables import SlabScheme
from rules.stages.run import Run
from rules.stages.schemes.bounds import within
from rules.stages.schemes.stacking import Pool
from rules.stages.trace import Money, Row, Wording
from rules.values.decimals import shown_percent, shown_unit_price
from rules.values.units import Minor


def _gave(row: Row, money: Money) -> str:
    return f"{row[1]} takes off {money(row[3] or 0)}"


LINE_GAVE: Final = Wording("line_schemes", "scheme_applied", _gave)
BASKET_GAVE: Final = Wording("basket_schemes", "scheme_applied", _gave)
ORDER_GAVE: Final = Wording("order_schemes", "scheme_applied", _gave)
"""How what a scheme takes off is told."""


def earned_on(
    run: Run, scheme: SlabScheme, pool: Pool, *, stage: StageName, line: int | None = None
) -> Minor:
    """Give what a scheme takes off within its bounds; says so where a gate shuts it out."""
    if scheme.gated and is_closed(scheme.slabs, pool.counted, pool.factor):
        text = f"{scheme.id} gives nothing for so much"
        run.explain(stage, "gate_closed", text, rule=scheme.id, line=line)
    amount = scheme.earn(pool.counted, pool.factor, pool.base, before=pool.before)
    if scheme.bounds is None:
        return amount
    if line is not None and scheme.bounds.most_line is not None:
        amount = min(amount, scheme.bounds.most_line)
    return within(run, scheme.id, scheme.bounds, amount=amount, pieces=pool.pieces, stage=stage)


def describe(run: Run, scheme: SlabScheme, slab: Slab) -> str:
    """Write what a slab gives."""
    onward = " from there on" if scheme.marginal else ""
    if slab.price is not None:
        unit = f" a {scheme.unit}" if scheme.unit else " each"
        return f"them for {shown_unit_price(slab.price)}{unit}{onward}"
    if slab.percent is None:
        return f"{run.money(slab.amount)} off"
    return f"{shown_percent(slab.percent)} % off{onward}"


def miss(run: Run, rule: str, text: str, *, line: int | None = None) -> None:
    """Note what was almost earned."""
    run.nearly.append(lambda _: [NearMiss(rule, line, text)])
