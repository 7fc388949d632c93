"""Rules that never win, because another one holds wherever they do and always comes first."""

from collections.abc import Iterator, Sequence
from typing import Final

from rules.engine.index import places
from rules.language.ranking import rank, variants
from rules.tools.lint.doubts import Doubt, Packed
from rules.tools.lint.scopes import Scopes, holds_wherever

_NAMING: Final = frozenset(
    {"id", "when", "not", "from", "to", "priority", "lint", "funder", "text"}
)
_PLAIN: Final = _NAMING | {"kind", "group", "of", "over", "unit", "slabs", "alone"}
_BOUNDS: Final = (
    "max_discount",
    "max_line",
    "budget",
    "limit_total",
    "limit_per_customer",
    "limits",
)
"""What lets the narrower scheme give less than its slabs say, and never more."""

_NARROW: Final = _PLAIN | {*_BOUNDS, "when_short", "if", "if_text", "mode"}
_ALIKE: Final = ("kind", "group", "alone", "of", "unit", "over")
_PRICE: Final = _NAMING | {"level", "rates", "percent"}


def covered_schemes(document: Packed) -> Iterator[tuple[int, Doubt]]:
    """Doubt schemes that never win in their group, by their places.

    Only percentages are compared, and only with rules that have nothing this module does not know:
    a rule that it does not understand covers nothing.
    """
    schemes = document["schemes"]
    grouped = [place for place, one in enumerate(schemes) if "group" in one and "slabs" in one]
    rules = [schemes[place] for place in grouped]
    scopes = Scopes(rules)
    plain = sum(1 << at for at, rule in enumerate(rules) if rule.keys() <= _PLAIN)
    members: dict[str, int] = {}
    for at, rule in enumerate(rules):
        members[rule["group"]] = members.get(rule["group"], 0) | 1 << at
    for at, rule in enumerate(rules):
        if not rule.keys() <= _NARROW:
            continue
        pick = document.get("groups", {}).get(rule["group"], "best")
        mask = plain & members[rule["group"]] & ~(1 << at)
        for other in places(mask & scopes.broader(rule.get("when", {})) if mask else 0):
            if _wins(rules[other], rule, pick):
                text = f"{rules[other]['id']}, of the same group, wins wherever it holds"
                yield grouped[at], Doubt("covered", text)
                break


def _wins(broad: Packed, narrow: Packed, pick: str) -> bool:
    if any(broad.get(key) != narrow.get(key) for key in _ALIKE):
        return False
    if not holds_wherever(broad, narrow):
        return False
    first = _turn(broad) < _turn(narrow)
    if pick == "priority":
        return first and _plain(broad) and _earns_wherever(broad, narrow)
    if pick == "cheapest":
        less = _earns_wherever(broad, narrow) and _is_bounded_alike(broad, narrow)
        return (
            less and _gives_as_much(narrow, broad) and (first or not _gives_as_much(broad, narrow))
        )
    # Of two that give the same everywhere, the one whose turn is first wins.
    return _gives_as_much(broad, narrow) and (first or not _gives_as_much(narrow, broad))


def _is_bounded_alike(broad: Packed, narrow: Packed) -> bool:
    return not any(bound in one for one in (broad, narrow) for bound in _BOUNDS)


def _turn(rule: Packed) -> tuple[int, str]:
    return -rule.get("priority", 0), rule["id"]


def _plain(rule: Packed) -> bool:
    """Tell whether a scheme gives nothing but percentages of the whole count."""
    return all(slab.keys() == {"from", "percent"} for slab in rule["slabs"]) and "mode" not in rule


def _earns_wherever(broad: Packed, narrow: Packed) -> bool:
    return bool(broad["slabs"][0]["from"] <= narrow["slabs"][0]["from"])


def _gives_as_much(broad: Packed, narrow: Packed) -> bool:
    """Compare plain percentages at every start: between starts neither moves."""
    if not _plain(broad) or not _plain(narrow):
        return False
    starts = [slab["from"] for slab in (*broad["slabs"], *narrow["slabs"])]
    return all(_percent_at(broad, start) >= _percent_at(narrow, start) for start in starts)


def _percent_at(rule: Packed, count: int) -> int:
    reached = [slab["percent"] for slab in rule["slabs"] if slab["from"] <= count]
    return int(reached[-1]) if reached else 0


def covered_ranked(section: str, rules: Sequence[Packed]) -> Iterator[tuple[int, Doubt]]:
    """Doubt rules that never are the narrowest, by their places.

    A rule whose nodes lie at several depths ranks at each of them by itself: it is covered where
    each of its variants is.
    """
    entries = [
        {**rule, "when": when, "place": place, "rank": rank(rule, when)}
        for place, rule in enumerate(rules)
        for when in variants(rule.get("when", {}))
    ]
    scopes = Scopes(entries)
    winners: dict[int, str | None] = {}
    for entry in entries:
        place = entry["place"]
        if winners.get(place, "") is None:
            continue
        winners[place] = next(
            (
                other["id"]
                for other in map(entries.__getitem__, places(scopes.broader(entry["when"])))
                if other["rank"] > entry["rank"]
                and other["place"] != place
                and holds_wherever(other, entry)
                and _takes_all(section, other, entry)
            ),
            None,
        )
    for place, winner in sorted(winners.items()):
        if winner is not None:
            yield place, Doubt("covered", f"{winner} ranks above it wherever it holds")


def _takes_all(section: str, above: Packed, below: Packed) -> bool:
    """Tell whether nothing is left for the rule below."""
    if section not in {"prices", "floors"}:
        return "if" not in above
    if not above.keys() - {"place", "rank"} <= _PRICE:
        return False
    # One rule of a level counts; what another level leaves to this one depends on the others there.
    if above.get("level") != below.get("level"):
        return False
    if "rates" in above:
        return "rates" in below and set(below["rates"]) <= set(above["rates"])
    return True
