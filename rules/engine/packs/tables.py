"""Tables of rules in their order; what the pack before has built is taken over where it fits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from rules.engine.bitmaps import Scope
from rules.engine.index import RuleTable
from rules.engine.packs.documents import Packed, Parsed
from rules.language.ranking import rank, variants

Rule = TypeVar("Rule")
Ways = tuple[tuple[Any, Scope], ...]

_FIRST: Final = date.min.toordinal()
_LAST: Final = date.max.toordinal()
_BY_THE_WAY: Final = frozenset({"name", "version", "previous", "not_before", "sources", "cases"})
"""What a pack says of itself that no rule is built by."""


@dataclass(frozen=True, slots=True, eq=False)
class _Built:
    """A rule with its packed form, and where it stands in its table: once for each scope.

    Where no pack follows, of the packed form only the id is kept.
    """

    packed: Packed
    rule: Any
    ways: Ways


class Kept(NamedTuple):
    """What was built for one pack: its rules and tables by the table's name."""

    settings: Packed
    rules: Mapping[str, Mapping[str, _Built]]
    tables: Mapping[str, tuple[list[_Built], RuleTable[Any]]]


_NOTHING: Final = Kept({}, {}, {})


class Tables:
    """Builds the tables of one pack; `before` is what the pack before it has left.

    Where it is to be `followed`, it keeps the packed form of every rule: what is as it was is not
    built again. Where it is `sparing`, tables in which all rules apply are lean.
    """

    def __init__(
        self, document: Packed, before: Kept | None, *, followed: bool, sparing: bool
    ) -> None:
        self._settings = {
            name: value
            for name, value in document.items()
            if name not in _BY_THE_WAY and not _is_list_of_rules(value)
        }
        self._followed = followed
        self._sparing = sparing
        self._words: dict[str, str] = {}
        self._rules: dict[str, dict[str, _Built]] = {}
        self._tables: dict[str, tuple[list[_Built], RuleTable[Any]]] = {}
        # Rules are built by the settings too: under others, none is what it was.
        fits = before is not None and before.settings == self._settings
        self._before = before if before is not None and fits else _NOTHING

    def kept(self) -> Kept:
        """Give what the next pack can take over."""
        return Kept(self._settings, self._rules, self._tables)

    def ranked(
        self, name: str, rules: Iterable[Packed], build: Callable[[Packed], Rule]
    ) -> RuleTable[Rule]:
        """Make a table of which the first rule that holds wins."""
        built = self._built(
            name, rules, lambda rule: self._one(rule, build(rule), self._by_rank(rule))
        )
        built.sort(key=lambda one: str(one.packed["id"]))
        entries = [(order, one, scope) for one in built for order, scope in one.ways]
        entries.sort(key=lambda entry: entry[0], reverse=True)
        return self._table(name, [(one, scope) for _, one, scope in entries], lean=False)

    def in_turn(
        self, name: str, rules: Iterable[Packed], build: Callable[[Packed], Rule]
    ) -> RuleTable[Rule]:
        """Make a table of which all rules that hold apply, larger priority first, then by id."""
        built = self._built(
            name, rules, lambda rule: self._one(rule, build(rule), self._by_turn(rule))
        )
        entries = [(order, one, scope) for one in built for order, scope in one.ways]
        entries.sort(key=lambda entry: entry[0])
        found = [(one, scope) for _, one, scope in entries]
        return self._table(name, found, lean=self._sparing)

    def _one(self, packed: Packed, rule: Rule, ways: Ways) -> _Built:
        return _Built(packed if self._followed else {"id": packed["id"]}, rule, ways)

    def _by_rank(self, rule: Packed) -> Ways:
        """Give a rule a scope for each depth that its nodes lie at, each with its own rank."""
        ways = variants(rule.get("when", {}))
        return tuple((rank(rule, when), self._scope(rule, when)) for when in ways)

    def _by_turn(self, rule: Packed) -> Ways:
        scope = self._scope(rule, rule.get("when", {}))
        return (((-rule.get("priority", 0), rule["id"]), scope),)

    def _scope(self, rule: Packed, when: Mapping[str, Sequence[str]]) -> Scope:
        return Scope(
            self._shared(when),
            self._shared(rule.get("not", {})),
            date.fromisoformat(rule["from"]).toordinal() if "from" in rule else _FIRST,
            date.fromisoformat(rule["to"]).toordinal() if "to" in rule else _LAST,
        )

    def _shared(self, conditions: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Hold each word once: thousands of rules name the same brands, regions and products.

        Not by `intern`: what all of Python shares by its names would have to grow by them.
        """
        word = self._words.setdefault
        return {
            word(key, key): tuple([word(value, value) for value in values])
            for key, values in conditions.items()
        }

    def _built(
        self, name: str, rules: Iterable[Packed], build: Callable[[Packed], _Built]
    ) -> list[_Built]:
        before = self._before.rules.get(name, {})
        mine = self._rules[name] = {}
        found = []
        for rule in rules:
            one = before.get(rule["id"])
            if one is None or (one.packed is not rule and one.packed != rule):
                one = build(rule)
            mine[rule["id"]] = one
            found.append(one)
        return found

    def _table(
        self, name: str, entries: Sequence[tuple[_Built, Scope]], *, lean: bool
    ) -> RuleTable[Any]:
        """Index the rules, unless they are just those of the pack before."""
        built = [one for one, _ in entries]
        same, before = self._before.tables.get(name, ((), None))
        if before is not None and same == built:
            table = before
        else:
            scopes = [scope for _, scope in entries]
            table = RuleTable([one.rule for one in built], scopes, before=before, lean=lean)
        self._tables[name] = (built, table)
        return table


def _is_list_of_rules(value: object) -> bool:
    if isinstance(value, Parsed):
        return True
    return isinstance(value, list) and all(isinstance(member, dict) for member in value)
