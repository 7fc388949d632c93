"""Schemes of one group that goes by priority, of which neither wins where both hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rules.language.conditions import Packed, Reading, report_tie
from rules.language.ranking import Member, can_meet, dates_meet, near_pairs, shuts_out
from rules.language.vocabulary import COUPON_KEY, PRODUCT_KEYS

Rule = Mapping[str, Any]

_WITHOUT_END: Final = 10**30
_COUNTED: Final = ("over", "of", "unit", "each")


def refuse_group_ties(
    groups: Mapping[str, str], schemes: Iterable[Packed], reading: Reading
) -> None:
    """Report schemes of a group `pick: priority` that have one priority and can hold together.

    Only schemes of one stage meet: line schemes on a line, pools on a shared line, and those of the
    order always.
    """
    peers: dict[tuple[Any, ...], list[Member]] = {}
    for one in schemes:
        group = one.get("group")
        if groups.get(group or "") == "priority":
            key = (group, one["kind"], one.get("priority", 0))
            peers.setdefault(key, []).append((one, _keeping_apart(one)))
    reported = set()
    for members in peers.values():
        for (first, when), (second, other) in near_pairs(members):
            pair = frozenset((first["id"], second["id"]))
            if len(pair) > 1 and pair not in reported and can_meet(when, other):
                reported.add(pair)
                if _can_hold_together(first, second):
                    report_tie(second, first, reading)


def _keeping_apart(scheme: Packed) -> dict[str, Sequence[str]]:
    """Leave the conditions of which two schemes with other values never meet.

    An order may show two coupons, and two schemes of the order meet whatever their products are.
    """
    return {key: words for key, words in _wanted(scheme).items() if key != COUPON_KEY}


def _wanted(scheme: Rule) -> dict[str, Sequence[str]]:
    """Give the conditions under which a scheme meets others."""
    goods, wanted = _goods(scheme), scheme.get("when", {})
    if goods is None:
        return dict(wanted)
    return {**{key: one for key, one in wanted.items() if key not in PRODUCT_KEYS}, **goods}


def _goods(scheme: Rule) -> Rule | None:
    """Give the goods on which a scheme meets others, where not those that it holds for."""
    if scheme["kind"] == "order":
        return {}
    return scheme.get("target", {}).get("when") or None


def _can_hold_together(one: Rule, other: Rule) -> bool:
    """Tell whether two schemes can hold on a common day, beside their `not`, at one count."""
    for mine, yours in ((one, other), (other, one)):
        barred = mine.get("not", {})
        if _goods(mine) is not None:
            barred = {key: words for key, words in barred.items() if key not in PRODUCT_KEYS}
        if shuts_out(barred, _wanted(yours)):
            return False
    return dates_meet(one, other) and _counts_meet(one, other)


def _counts_meet(one: Rule, other: Rule) -> bool:
    """Tell whether one count can reach both; of unlike counts nothing is known."""
    if "target" in one or "target" in other:
        return True
    if any(one.get(key) != other.get(key) for key in _COUNTED):
        return True
    alike = all(one.get(key) == other.get(key) for key in ("when", "not"))
    if one["over"] not in {"line", "sku"} and not alike:
        return True
    starts, ends = zip(_reach(one), _reach(other), strict=True)
    return bool(max(starts) <= min(ends))


def _reach(scheme: Rule) -> tuple[int, int]:
    """Give the first and the last count on which a scheme gives anything."""
    last = scheme["slabs"][-1] if scheme["slabs"] else {}
    end = last["to"] if "gate" in last else _WITHOUT_END
    return (scheme["slabs"][0]["from"] if scheme["slabs"] else 0), end
