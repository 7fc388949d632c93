"""Schemes that hold together and take too much: all of it, or below a floor or the cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final, NamedTuple

from rules.language.vocabulary import PRODUCT_KEYS, SCHEME_KINDS
from rules.tools.lint.catalogue import Attributes
from rules.tools.lint.doubts import Packed
from rules.tools.lint.scopes import Scopes, joined
from rules.values.decimals import shown_percent
from rules.values.rounding import MILLION, half_up

# Some sets of schemes cannot be told from others but by trying: this many tries for one scheme and
# for a pack keep lint within seconds, and no pack seen so far came near.
_TRIES: Final = 200
_ALL_TRIES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Taking:
    """The most a scheme takes, as a share of what the goods cost, and what it adds up with."""

    rule: Packed
    rate: int
    stage: str
    group: str
    alone: bool

    def __str__(self) -> str:
        return f"{self.rule['id']} {shown_percent(self.rate)} %"


def taking_of(rule: Packed) -> Taking | None:
    """Say what a scheme takes at most; None where that depends on prices, or is nothing."""
    rate = 0
    if "slabs" in rule:
        rate = max(_slab_rate(rule, slab) for slab in rule["slabs"])
    elif "parts" in rule:
        rate = rule.get("percent") or 0
    elif "inside" in rule:
        tiers = rule.get("tiers", (rule,))
        rate = max(min(half_up(one["give"] * MILLION, one["every"]), MILLION) for one in tiers)
    if not rate:
        return None
    if "target" in rule:
        if "qty" in rule["target"]:
            # What some pieces of a line lose depends on how many there are.
            return None
        rule = given_on(rule)
    group = f"{rule['kind']} {rule['group']}" if "group" in rule else ""
    stage = SCHEME_KINDS[rule["kind"]].stage
    return Taking(rule, rate, stage, group, bool(rule.get("alone")))


def given_on(rule: Packed) -> Packed:
    """Give a scheme with the conditions on what has its discount, in place of what it counts."""
    goods = rule.get("target", {}).get("when")
    if not goods:
        return rule
    when, barred = (
        {key: words for key, words in rule.get(side, {}).items() if key not in PRODUCT_KEYS}
        for side in ("when", "not")
    )
    return {**rule, "when": {**when, **goods}, "not": barred}


def _slab_rate(rule: Packed, slab: Mapping[str, int]) -> int:
    if "percent" in slab:
        return slab["percent"]
    if "amount" in slab and rule["of"] != "qty" and "target" not in rule:
        return min(half_up(slab["amount"] * MILLION, slab["from"]), MILLION)
    return 0


class _Left(NamedTuple):
    """What each stage leaves of what comes to it."""

    line: int = MILLION
    order: int = MILLION
    free: int = MILLION

    def less(self, taking: Taking, *, compound: bool) -> "_Left":
        """Take what a scheme takes: of all there is, or of what those before it have left."""
        left: int = getattr(self, taking.stage)
        taken = half_up(left * taking.rate, MILLION) if compound else taking.rate
        return self._replace(**{taking.stage: left - taken})

    @property
    def taken(self) -> int:
        """Give the share all stages take together: more than all where one takes too much."""
        worst = min(self)
        return MILLION - (worst if worst < 0 else half_up(prod(self), MILLION**2))


class _Set(NamedTuple):
    """Schemes that hold together, in a scope, beside others that may join them."""

    chosen: tuple[Taking, ...]
    scope: Mapping[str, Any]
    others: int
    left: _Left = _Left()


class Stacks:
    """Finds schemes that hold together and take more than a share of what the goods cost."""

    def __init__(self, document: Packed) -> None:
        found = filter(None, map(taking_of, document["schemes"]))
        self.takings = sorted(found, key=lambda one: (-one.rate, one.rule["id"]))
        self._scopes = Scopes([one.rule for one in self.takings])
        self._beside = [self._scopes.beside(one.rule.get("when", {})) for one in self.takings]
        self._groups: dict[str, int] = {}
        self._stages: dict[str, int] = {}
        for place, one in enumerate(self.takings):
            self._groups[one.group] = self._groups.get(one.group, 0) | 1 << place
            self._stages[one.stage] = self._stages.get(one.stage, 0) | 1 << place
        self._single = self._groups.get("", 0)
        # Where discounts compound at all, they are taken to compound everywhere: no false alarm.
        self._compound = bool(document.get("stacking")) or any(
            "compound" in one for one in document["schemes"]
        )
        self._tries = _ALL_TRIES
        self._gave_up = False

    @property
    def is_whole(self) -> bool:
        """Tell whether every set that could matter was looked at."""
        return not self._gave_up

    def over_all(self) -> Iterator[tuple[Taking, ...]]:
        """Give sets of schemes of one stage that add up to more than there is."""
        told: set[str] = set()
        for place, one in enumerate(self.takings):
            if self._compound or one.rule["id"] in told or one.alone:
                continue
            later = self._beside[place] & self._stages[one.stage] & ~((2 << place) - 1)
            found = self._search(self._with(_Set((), {}, later), one, later), MILLION)
            if found:
                told.update(other.rule["id"] for other in found)
                yield found

    def more_than(self, limit: int, scope: Mapping[str, Any]) -> tuple[Taking, ...] | None:
        """Give schemes that hold together somewhere in a scope and take more than a share."""
        others = self._scopes.beside(scope.get("when", {}))
        return self._search(_Set((), scope, others), limit)

    def more_on(self, limit: int, product: Attributes) -> tuple[Taking, ...] | None:
        """Give schemes that hold together for a product and take more than a share of its price."""
        return self._search(_Set((), {}, self._scopes.met_by(product, PRODUCT_KEYS)), limit)

    def _search(self, start: _Set | None, limit: int) -> tuple[Taking, ...] | None:
        """Try the largest first, and leave out what cannot reach the limit even with all others."""
        waiting, tries = [start], _TRIES
        while waiting and tries and self._tries:
            one = waiting.pop()
            if one is None or not self._may_pass(one, limit):
                continue
            if one.left.taken > limit:
                return one.chosen
            tries -= 1
            self._tries -= 1
            place = (one.others & -one.others).bit_length() - 1
            others = one.others & ~(1 << place)
            waiting.append(one._replace(others=others))
            waiting.append(self._with(one, self.takings[place], others & self._beside[place]))
        self._gave_up = self._gave_up or bool(waiting)
        return None

    def _with(self, one: _Set, taking: Taking, others: int) -> _Set | None:
        """Add a scheme; None where it cannot hold beside the others."""
        scope = joined(one.scope, taking.rule)
        if scope is None or _excluded(taking, one.chosen):
            return None
        if taking.group:
            others &= ~self._groups[taking.group]
        left = one.left.less(taking, compound=self._compound)
        return _Set((*one.chosen, taking), scope, others, left)

    def _may_pass(self, one: _Set, limit: int) -> bool:
        """Tell whether a set would pass if all beside it held together, of each group the best."""
        left = one.left
        for name, mask in self._groups.items():
            if name and (members := one.others & mask):
                left = self._less(left, members)
        single = one.others & self._single
        while single and left.taken <= limit:
            left = self._less(left, single)
            single &= single - 1
        return left.taken > limit

    def _less(self, left: _Left, mask: int) -> _Left:
        first = self.takings[(mask & -mask).bit_length() - 1]
        return left.less(first, compound=self._compound)


def _excluded(taking: Taking, chosen: Sequence[Taking]) -> bool:
    """Tell whether a scheme that stands alone is among two of a stage."""
    return any(other.stage == taking.stage and (other.alone or taking.alone) for other in chosen)


def told(chosen: Sequence[Taking]) -> str:
    """Name schemes with what each takes."""
    return " and ".join(map(str, chosen))
