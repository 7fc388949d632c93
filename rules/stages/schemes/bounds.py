"""Bounds of schemes: what one may still give, what an order takes of it and what that counts."""

from typing import Literal, NamedTuple

from rules.engine.result import CounterChange, StageName
from rules.engine.schemes.bounds import Bounds, Limit
from rules.engine.schemes.periods import EVERYBODY, scope_of
from rules.stages.run import Given, Run
from rules.values.reasons import Params
from rules.values.rounding import ALL, share_of_part
from rules.values.units import Minor, Quantity

_NO_GIFT = Given()


class Left(NamedTuple):
    """The money and the pieces that a scheme may still give; None is without end."""

    money: Minor | None = None
    pieces: Quantity | None = None


_NOTHING = Left(Minor(0), Quantity(0))


def is_used_up(run: Run, name: str, bounds: Bounds | None, *, stage: StageName) -> bool:
    """Tell whether a scheme may give nothing more, and say so in the trace."""
    return bounds is not None and left_of(run, name, bounds, stage=stage) is _NOTHING


def left_of(run: Run, name: str, bounds: Bounds, *, stage: StageName) -> Left:
    """Give what a scheme's limits leave; one that is used up says so."""
    money: list[int] = []
    pieces: list[int] = []
    for limit in bounds.limits:
        used_up = _measure(run, name, limit, money=money, pieces=pieces)
        if used_up and limit.whose == "total" and name in run.counters.leased:
            tell_once(run, name, "lease_used_up", stage=stage)
            return _NOTHING
        if used_up:
            _tell_used_up(run, name, limit, phrase=used_up, stage=stage)
            return _NOTHING
    if bounds.most is not None and run.given.get(name, _NO_GIFT).amount >= bounds.most:
        tell_once(run, name, "max_discount_given", stage=stage)
        return _NOTHING
    return Left(
        Minor(min(money)) if money else None,
        Quantity(min(pieces)) if pieces else None,
    )


def take_back(run: Run, name: str, own: Given | None) -> None:
    """Take what a scheme gives on one line or pool out of what it gives in the order."""
    given = run.given.get(name)
    if given is not None and own is not None:
        run.given[name] = Given(
            given.bounds,
            Minor(given.amount - own.amount),
            Quantity(given.pieces - own.pieces),
        )


def _tell_used_up(run: Run, name: str, limit: Limit, *, phrase: str, stage: StageName) -> None:
    if limit.is_budget:
        period: Params = {"period": limit.each}
        tell_once(run, name, "budget_used_up", params=period, stage=stage)
    else:
        params: Params = {"what": [phrase, {"period": limit.each}]}
        tell_once(run, name, "limit_used_up", params=params, stage=stage)


def _measure(run: Run, name: str, limit: Limit, *, money: list[int], pieces: list[int]) -> str:
    """Note what one limit leaves; gives the phrase of what is used up, nothing where none is."""
    given = run.given.get(name, _NO_GIFT)
    had = run.counters.of((name, _scope(run, limit)))
    if limit.uses is not None and had.uses >= limit.uses:
        return "limit.uses"
    if limit.pieces is not None:
        left = limit.pieces - had.pieces - given.pieces
        if left <= 0:
            return "limit.pieces"
        pieces.append(left)
    if limit.amount is not None:
        left = limit.amount - had.money - given.amount
        if left <= 0:
            return "limit.amount"
        money.append(left)
    return ""


def _scope(run: Run, limit: Limit) -> str:
    who = EVERYBODY if limit.whose == "total" else run.facts.customer.id
    return scope_of(who, limit.each, run.order.business_date)


def within(
    run: Run,
    name: str,
    bounds: Bounds | None,
    *,
    amount: Minor,
    pieces: int,
    stage: StageName,
) -> Minor:
    """Give what the bounds leave of an amount that was earned on so many pieces."""
    if bounds is None or not amount:
        return amount
    left = left_of(run, name, bounds, stage=stage)
    if left is _NOTHING:
        return Minor(0)
    if bounds.most is not None:
        amount = min(amount, Minor(bounds.most - run.given.get(name, _NO_GIFT).amount))
    possible = amount
    if left.pieces is not None and left.pieces < pieces:
        possible = share_of_part(amount, ALL, part=left.pieces, whole=pieces)
    if left.money is not None:
        possible = min(possible, left.money)
    given = part_of(
        run,
        name,
        bounds,
        earned=amount,
        possible=possible,
        phrase="part.money",
        stage=stage,
    )
    return Minor(given)


def part_of(
    run: Run,
    name: str,
    bounds: Bounds,
    *,
    earned: int,
    possible: int,
    phrase: Literal["part.money", "part.pieces"],
    stage: StageName,
) -> int:
    """Give what is possible of what was earned, or nothing where the scheme gives all or none."""
    if possible >= earned:
        return earned
    params: Params = {"part": [phrase, {"possible": possible, "earned": earned}]}
    if bounds.all_or_none:
        tell_once(run, name, "limit_short", params=params, stage=stage)
        return 0
    tell_once(run, name, "limit_reached", params=params, stage=stage)
    return possible


def give(run: Run, name: str, bounds: Bounds | None, *, amount: Minor, pieces: int) -> Given | None:
    """Count what a bounded scheme gives in this order, and on how many pieces; gives that.

    What is above a limit of pieces was ordered, but had nothing.
    """
    if bounds is None:
        return None
    before = run.given.get(name, _NO_GIFT)
    for limit in bounds.limits:
        if limit.pieces is not None:
            had = run.counters.of((name, _scope(run, limit))).pieces
            pieces = min(pieces, limit.pieces - had - before.pieces)
    run.given[name] = Given(bounds, Minor(before.amount + amount), Quantity(before.pieces + pieces))
    return Given(bounds, amount, Quantity(pieces))


def counter_changes(run: Run) -> tuple[CounterChange, ...]:
    """Say what committing this order adds to the counters, scheme by scheme."""
    found: dict[tuple[str, str], CounterChange] = {}
    for name, given in run.given.items():
        for limit in given.bounds.limits:
            key = (name, _scope(run, limit))
            pieces = given.pieces if limit.pieces is not None else Quantity(0)
            if key not in found or pieces:
                found[key] = CounterChange(*key, 1, given.amount, pieces=pieces)
    for key, bought in run.bought.items():
        change = found.get(key, CounterChange(*key, 0, Minor(0)))
        found[key] = change._replace(bought=bought)
    return tuple(sorted(found.values(), key=lambda change: change.rule))


def tell_once(
    run: Run, name: str, code: str, *, params: Params | None = None, stage: StageName
) -> None:
    """Say of a scheme what holds for the whole order, however many lines meet it."""
    if (name, code) not in run.told:
        run.told.add((name, code))
        run.explain(stage, code, {"rule": name, **(params or {})}, rule=name)
