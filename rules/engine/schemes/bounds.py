"""How often a scheme may be used and how much it may give, as the engine holds it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from rules.language.vocabulary import Each
from rules.values.units import Minor, Quantity

Packed = Mapping[str, Any]
Whose = Literal["total", "customer"]


@dataclass(frozen=True, slots=True)
class Limit:
    """What all customers together, or each of them, may have of a scheme; None is without end.

    `pieces` counts free goods, or the pieces that had a discount. `is_budget` only words it.
    """

    whose: Whose
    each: Each = "scheme"
    uses: int | None = None
    pieces: Quantity | None = None
    amount: Minor | None = None
    is_budget: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a scheme over all orders, and the most it takes off one order or one line.

    Where a limit has less left than was earned, what is left is given; with `all_or_none` nothing.
    """

    limits: tuple[Limit, ...] = ()
    most: Minor | None = None
    most_line: Minor | None = None
    all_or_none: bool = False


NO_BOUNDS: Final = Bounds()


def bounds_of(rule: Packed) -> Bounds | None:
    """Read the bounds of a packed scheme, None where it has none."""
    bounds = Bounds(
        limits=tuple(_limits(rule)),
        most=rule.get("max_discount"),
        most_line=rule.get("max_line"),
        all_or_none=rule.get("when_short") == "none",
    )
    return None if bounds == NO_BOUNDS else bounds


def _limits(rule: Packed) -> Iterator[Limit]:
    """Give those for all first: who reads the trace is then told of the wider one."""
    if "limit_total" in rule:
        yield Limit("total", uses=rule["limit_total"])
    if "budget" in rule:
        yield Limit("total", amount=rule["budget"], is_budget=True)
    if "limit_per_customer" in rule:
        yield Limit("customer", uses=rule["limit_per_customer"])
    for limit in rule.get("limits", ()):
        yield Limit(
            limit["whose"],
            limit.get("each", "scheme"),
            uses=limit.get("uses"),
            pieces=limit.get("qty"),
            amount=limit.get("amount"),
        )


def periods_of(rule: Packed) -> Iterator[Each]:
    """Name the periods that a packed scheme counts in."""
    if "each" in rule:
        yield rule["each"]
    for limit in _limits(rule):
        yield limit.each
