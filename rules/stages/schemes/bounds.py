"""Bounds of schemes: how often one may be used and what it may still give, over all orders."""

from typing import Final

from rules.engine.result import StageName
from rules.engine.tables import Bounds
from rules.stages.run import Run
from rules.values.units import Minor

_USED_UP: Final = {
    "limit_used_up": "has been used as often as it may",
    "budget_used_up": "has no money left",
    "max_discount_given": "gives no more on one order",
}


def allowance(run: Run, name: str, bounds: Bounds | None, *, stage: StageName) -> Minor | None:
    """Give what a scheme may still give, None without end; used-up schemes give zero and say so."""
    if bounds is None:
        return None
    counters, customer = run.counters, run.facts.customer.id
    if bounds.total is not None and counters.used.get((name, "total"), 0) >= bounds.total:
        return _used_up(run, name, "limit_used_up", stage=stage)
    mine = counters.used.get((name, customer), 0)
    if bounds.per_customer is not None and mine >= bounds.per_customer:
        return _used_up(run, name, "limit_used_up", stage=stage)
    given = run.given.get(name, (bounds, Minor(0)))[1]
    lefts = []
    if bounds.budget is not None:
        left = bounds.budget - counters.spent.get((name, "total"), Minor(0)) - given
        if left <= 0:
            return _used_up(run, name, "budget_used_up", stage=stage)
        lefts.append(left)
    if bounds.most is not None:
        if given >= bounds.most:
            return _used_up(run, name, "max_discount_given", stage=stage)
        lefts.append(bounds.most - given)
    return Minor(min(lefts)) if lefts else None


def _used_up(run: Run, name: str, code: str, *, stage: StageName) -> Minor:
    tell_once(run, name, code, text=_USED_UP[code], stage=stage)
    return Minor(0)


def tell_once(run: Run, name: str, code: str, *, text: str, stage: StageName) -> None:
    """Say of a scheme what holds for the whole order, however many lines meet it."""
    if (name, code) not in run.told:
        run.told.add((name, code))
        run.explain(stage, code, f"{name} {text}", rule=name)


def give(run: Run, name: str, bounds: Bounds | None, *, amount: Minor) -> None:
    """Count what a bounded scheme gives in this order."""
    if bounds is not None:
        run.given[name] = (bounds, Minor(run.given.get(name, (bounds, Minor(0)))[1] + amount))
