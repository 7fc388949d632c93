"""Typed reading of one mapping of a rule file; every misfit becomes a fault with its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from rules.language.text.faults import Faults, Place, suggestion
from rules.language.text.nodes import Listing, Node, Scalar, Table
from rules.values.decimals import scaled, shown

MOST = 10**18 - 1
_YEAR_FIRST: Final = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_LAST: Final = re.compile(r"\d\d?[-/.]\d\d?[-/.]\d{4}")
_MANY: Final = 1_000
"""So many unknown keys of one mapping are told one by one."""


class Fields:
    """The entries of one mapping; `close` reports those that nobody asked for."""

    def __init__(self, table: Table, faults: Faults) -> None:
        self.place = table.place
        self.faults = faults
        self._entries = table.entries
        self._asked: set[str] = set()

    def node(self, key: str) -> Node | None:
        """Give an entry as it stands."""
        self._asked.add(key)
        entry = self._entries.get(key)
        return entry[1] if entry else None

    def has(self, key: str) -> bool:
        """Tell whether an entry is there."""
        self._asked.add(key)
        return key in self._entries

    def items(self) -> Iterable[tuple[Scalar, Node]]:
        """Give every entry, for mappings whose keys are names."""
        self._asked.update(self._entries)
        return self._entries.values()

    def fault(self, message: str, key: str = "") -> None:
        """Note a fault at an entry, or at the mapping."""
        self.faults.add(self.place_of(key), message)

    def place_of(self, key: str) -> Place:
        """Tell where an entry stands; where it is not there, the mapping."""
        entry = self._entries.get(key)
        return entry[1].place if entry else self.place

    def close(self) -> None:
        """Report the entries that have no meaning here; a flood of them in one line."""
        strange = [key for name, (key, _) in self._entries.items() if name not in self._asked]
        if len(strange) > _MANY:
            text = f"{len(strange)} unknown keys, the first is '{strange[0].text}'"
            self.faults.add(strange[0].place, text)
            return
        for key in strange:
            hint = (
                self._missing_space(key.text)
                or suggestion(key.text, self._asked)
                or self._decimal_comma(key.text)
            )
            self.faults.add(key.place, f"unknown key '{key.text}'{hint}")

    def _missing_space(self, key: str) -> str:
        """Say what `id:TEA` lacks."""
        name, _, rest = key.partition(":")
        return f": write '{name}: {rest}', with a space" if rest and name in self._asked else ""

    def _decimal_comma(self, key: str) -> str:
        """Say what digits mean that stand as a key in braces: the rest of `amount: 10,50`."""
        names = list(self._entries)
        before = self._entries[names[names.index(key) - 1]][1]
        if key.isdigit() and isinstance(before, Scalar) and before.text.isdigit():
            return f": a decimal has a point, not a comma: write {before.text}.{key}"
        return ""

    def exactly_one(self, *keys: str) -> str:
        """Give the one key of several that is there; none or more is a fault."""
        there = [key for key in keys if self.has(key)]
        if len(there) == 1:
            return there[0]
        names = ", ".join(f"'{key}'" for key in keys)
        self.fault(f"needs exactly one of {names}", there[1] if there else "")
        return ""

    def text(self, key: str) -> str | None:
        """Give a word, None where it is not there."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text:
            return node.text
        self.fault(f"'{key}' is a word", key)
        return None

    def need_text(self, key: str) -> str:
        """Give a word that must be there."""
        if not self.has(key):
            self.fault(f"'{key}' is missing")
        return self.text(key) or ""

    def choice(self, key: str, options: Sequence[str]) -> str | None:
        """Give one of the words that mean something here."""
        word = self.text(key)
        if word is None or word in options:
            return word
        known = ", ".join(options)
        self.fault(f"'{word}' is not one of {known}{suggestion(word, options)}", key)
        return None

    def number(self, key: str, scale: int, *, least: int = 0, most: int = MOST) -> int | None:
        """Give a decimal as an integer with `scale` decimals, None where it is not there."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.fault(f"'{key}' is a number", key)
            return None
        return read_number(node, scale, self.faults, least=least, most=most)

    def need_number(self, key: str, scale: int, *, least: int = 0, most: int = MOST) -> int:
        """Give a decimal that must be there."""
        if not self.has(key):
            self.fault(f"'{key}' is missing")
        value = self.number(key, scale, least=least, most=most)
        return least if value is None else value

    def percent(self, key: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        """Give a percentage as a rate in millionths."""
        return self.number(key, 4, least=least, most=most)

    def flag(self, key: str, *, default: bool) -> bool:
        """Give `true` or `false`."""
        word = self.choice(key, ("true", "false"))
        return default if word is None else word == "true"

    def day(self, key: str) -> str | None:
        """Give a date as written, year first."""
        word = self.text(key)
        if word is None:
            return None
        try:
            date.fromisoformat(word)
        except ValueError:
            word = ""
        if len(word) != len("2026-01-31"):
            self.fault(f"'{key}' is a date such as 2026-01-31{_day_hint(self.text(key))}", key)
            return None
        return word

    def words(self, key: str) -> list[str]:
        """Give one word or a list of them, sorted and without repeats."""
        node = self.node(key)
        return [] if node is None else read_words(node, key, self.faults)

    def words_or_none(self, key: str) -> list[str]:
        """Give words as `words` does, where an empty list says that there are none."""
        empty = getattr(self.node(key), "members", None) == ()
        return [] if empty else self.words(key)

    def ordered_words(self, key: str) -> list[str]:
        """Give one word or a list of them, as they stand."""
        node = self.node(key)
        if node is None:
            return []
        self.words(key)
        return [getattr(member, "text", "") for member in getattr(node, "members", (node,))]

    def table(self, key: str, *, like: str = "") -> "Fields | None":
        """Give the mapping under a key; a fault shows one `like` it."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Table):
            return Fields(node, self.faults)
        self.fault(f"'{key}' is a mapping{like and f' such as {like}'}", key)
        return None

    def tables(self, key: str) -> "list[Fields]":
        """Give the list of mappings under a key."""
        node = self.node(key)
        if node is None:
            return []
        if not isinstance(node, Listing):
            self.fault(f"'{key}' is a list", key)
            return []
        return list(tables_of(node.members, key, self.faults))


def _day_hint(word: str | None) -> str:
    """Say what is wrong with a date that is nearly one: no such day, or the day in front."""
    if _YEAR_FIRST.fullmatch(word or ""):
        return f": there is no day {word}"
    return ": the year first, then month and day" if _YEAR_LAST.fullmatch(word or "") else ""


def tables_of(members: Iterable[Node], key: str, faults: Faults) -> Iterator[Fields]:
    """Give the mappings of a list; what else is in it is a fault."""
    for member in members:
        if isinstance(member, Table):
            yield Fields(member, faults)
        else:
            faults.add(member.place, f"'{key}' is a list of mappings")


def read_number(node: Scalar, scale: int, faults: Faults, *, least: int, most: int) -> int | None:
    """Read a decimal within bounds; outside them the fault names the bound."""
    try:
        value = scaled(node.text, scale)
    except ValueError as error:
        faults.add(node.place, str(error))
        return None
    if least <= value <= most:
        return value
    bound, side = (least, "below") if value < least else (most, "above")
    faults.add(node.place, f"{node.text} is {side} {shown_bound(bound, scale)}")
    return None


def shown_bound(bound: int, scale: int) -> str:
    """Write a bound without idle zeros: 1,000,000 with four decimals is `100`."""
    text = shown(bound, scale)
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_words(node: Node, key: str, faults: Faults) -> list[str]:
    """Read one word or a list of words; an empty list would never match and is a fault."""
    members = node.members if isinstance(node, Listing) else (node,)
    words = set()
    for member in members:
        if isinstance(member, Scalar) and member.text:
            words.add(member.text)
        else:
            faults.add(member.place, f"'{key}' is a word or a list of words")
    if not members:
        faults.add(node.place, f"'{key}' is empty: the rule would never match")
    return sorted(words)
