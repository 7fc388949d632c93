"""A comparison of two packs told to people, as lines of text."""

from collections.abc import Iterable, Iterator
from typing import Final

from rules.tools.replay.changes import Comparison, RuleChange
from rules.values.decimals import shown

_OUTCOMES: Final = {"accept": "accepted", "hold": "held", "reject": "rejected"}


def told(comparison: Comparison) -> Iterator[str]:
    """Tell people of a comparison, a line at a time."""
    scale = comparison.scale
    before, after = comparison.before, comparison.after
    yield f"{before.name} {before.version} -> {after.name} {after.version}"
    yield f"{comparison.changed} of {comparison.orders} orders change"
    if comparison.held:
        worth = shown(comparison.held_payable, scale)
        yield f"{comparison.held} accepted orders of {worth} would be held or rejected"
    if comparison.released:
        worth = shown(comparison.released_payable, scale)
        yield f"{comparison.released} held or rejected orders of {worth} would be accepted"
    yield _row("", "before", "after", "change")
    payable = comparison.payable_before, comparison.payable_after
    yield _moved(f"To pay {comparison.currency}", *payable, scale=scale)
    free = comparison.worth_before, comparison.worth_after
    if any(free):
        yield _moved("Worth of free goods that change", *free, scale=scale)
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
            yield f"    {_OUTCOMES[change.outcome_after]}, was {_OUTCOMES[change.outcome_before]}"
        if change.reasons_before != change.reasons_after:
            yield from (f"    before: {text}" for text in change.reasons_before)
            yield from (f"    after:  {text}" for text in change.reasons_after)
        yield from (f"  {line}" for line in _told_rules(change.rules, scale))


def _told_rules(rules: Iterable[RuleChange], scale: int) -> Iterator[str]:
    for one in rules:
        name = one.text or one.rule
        if one.before != one.after:
            yield _moved(f"  {name}", one.before, one.after, scale=scale)
        free = one.free_before, one.free_after
        if free[0] != free[1] or one.worth_before != one.worth_after:
            yield _moved(f"  {name} free", one.worth_before, one.worth_after, scale=scale)
            yield f"    {free[0]} -> {free[1]} pieces"


def _moved(title: str, before: int, after: int, *, scale: int) -> str:
    sign = "+" if after > before else ""
    return _row(
        title, shown(before, scale), shown(after, scale), sign + shown(after - before, scale)
    )


def _row(title: str, *columns: str) -> str:
    return f"{title:<32}" + "".join(f"{text:>15}" for text in columns)
