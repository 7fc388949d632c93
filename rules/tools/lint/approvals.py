"""Approvals that nothing asks for, and levels that no amount reaches."""

from collections.abc import Iterator, Sequence
from typing import Final

from rules.language.text.keys import MOST
from rules.tools.lint.doubts import Doubt, Packed
from rules.tools.lint.judging import LARGEST, Known, known_of, narrow
from rules.values.decimals import shown

_PAYABLE: Final = "order.payable"
_OVERDUE: Final = "customer.overdue"


def of_approvals(document: Packed) -> Iterator[tuple[int, Doubt]]:
    """Doubt approvals and their levels, by the places of the approvals."""
    scale = document["scale"]
    for place, approval in enumerate(document["approvals"]):
        routes = [rule for rule in document["credit"] if approval["id"] in _routes(rule)]
        if not approval["on"]:
            if not routes:
                text = "no credit rule names it, and it is for no reason by itself"
                yield place, Doubt("route_unnamed", text)
            for doubt in _unreachable(approval, routes, scale):
                yield place, doubt


def _routes(rule: Packed) -> Sequence[str]:
    route = rule.get("route", ())
    return [route] if isinstance(route, str) else route


def _unreachable(approval: Packed, routes: list[Packed], scale: int) -> Iterator[Doubt]:
    """Doubt levels by what the credit rules that name the approval can be about."""
    amounts = [_amounts(rule) for rule in routes]
    above = 0
    for number, level in enumerate(approval["levels"] if routes else ()):
        up_to = level.get("up_to")
        reached = any(most > above and (up_to is None or least <= up_to) for least, most in amounts)
        if not reached:
            which = f"up to {shown(up_to, scale)}" if up_to else f"above {shown(above, scale)}"
            text = f"the credit rules that name it are never about amounts {which}"
            yield Doubt("level_unreachable", text, ("levels", number))
        above = up_to or above


def _amounts(rule: Packed) -> tuple[int, int]:
    """Give the least and the largest amount a credit rule asks an approval for."""
    if "limit" in rule:
        return 1, MOST
    if "at" in rule:
        return 0, LARGEST
    known: Known | None = known_of(rule)
    if known is not None and "if" in rule:
        known = narrow(rule["if"], known)
    if known is None:
        return 0, 0
    if "overdue_limit" in rule:
        least, most = known.number(_OVERDUE)
        return least - rule["overdue_limit"], most - rule["overdue_limit"]
    return known.number(_PAYABLE)
