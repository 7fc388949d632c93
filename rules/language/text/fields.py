"""Typed reading of one mapping of a rule file; every misfit becomes a fault with its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from rules.language.text import keys as kinds
from rules.language.text.faults import Faults, Place, suggestion
from rules.language.text.keys import MOST, Choice, Day, Flag, Key, Keys, Number, Words
from rules.language.text.nodes import Listing, Node, Scalar, Table
from rules.language.vocabulary import COUPON_KEY, CUSTOMER_KEYS, PRODUCT_KEYS
from rules.values.decimals import scaled, shown

_YEAR_FIRST: Final = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_LAST: Final = re.compile(r"\d\d?[-/.]\d\d?[-/.]\d{4}")
_COMMA: Final = re.compile(r"\d{1,3}(?:\.\d+)?")
"""What stands as a key behind the comma of a number in braces: the `500.00` of `cap: 1,500.00`."""

_THOUSANDS: Final = 3
_YES: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_WHEN: Final = "when"
_CONDITIONS: Final = frozenset({*CUSTOMER_KEYS, *PRODUCT_KEYS, COUPON_KEY, "not"})
_MANY: Final = 1_000
"""So many unknown keys of one mapping are told one by one."""


class Fields:
    """The entries of one mapping; `close` reports those that nobody asked for."""

    def __init__(self, table: Table, faults: Faults) -> None:
        self.place = table.place
        self.faults = faults
        self._entries = table.entries
        self._asked: set[str] = set()

    def node(self, key: str | Key) -> Node | None:
        """Give an entry as it stands."""
        name = _name(key)
        self._asked.add(name)
        entry = self._entries.get(name)
        return entry[1] if entry else None

    def has(self, key: str | Key) -> bool:
        """Tell whether an entry is there."""
        name = _name(key)
        self._asked.add(name)
        return name in self._entries

    def items(self) -> Iterable[tuple[Scalar, Node]]:
        """Give every entry, for mappings whose keys are names."""
        self._asked.update(self._entries)
        return self._entries.values()

    def fault(self, message: str, key: str | Key = "") -> None:
        """Note a fault at an entry, or at the mapping."""
        self.faults.add(self.place_of(key), message)

    def place_of(self, key: str | Key) -> Place:
        """Tell where an entry stands; where it is not there, the mapping."""
        entry = self._entries.get(_name(key))
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
                or self._number_with_comma(key.text)
                or self._condition(key.text)
            )
            self.faults.add(key.place, f"unknown key '{key.text}'{hint}")

    def _condition(self, key: str) -> str:
        """Say where a condition belongs: `sku: TEA` beside `id` holds for nothing there."""
        return ": write it under 'when'" if _WHEN in self._asked and key in _CONDITIONS else ""

    def _missing_space(self, key: str) -> str:
        """Say what `id:TEA` lacks."""
        name, _, rest = key.partition(":")
        return f": write '{name}: {rest}', with a space" if rest and name in self._asked else ""

    def _number_with_comma(self, key: str) -> str:
        """Say what digits mean that stand as a key: of `amount: 10,50` the 50."""
        names = list(self._entries)
        place = names.index(key)
        if not (place and _COMMA.fullmatch(key)):
            return ""
        before = self._entries[names[place - 1]][1]
        if names[place - 1].isdigit():
            return ": a number has no commas"
        if not (isinstance(before, Scalar) and before.text.isdigit()):
            return ""
        if place + 1 < len(names) and _COMMA.fullmatch(names[place + 1]):
            return ": a number has no commas"
        if len(key.partition(".")[0]) == _THOUSANDS:
            return f": a number has no commas: write {before.text}{key}"
        return f": a decimal has a point, not a comma: write {before.text}.{key}"

    def exactly_one(self, *keys: str) -> str:
        """Give the one key of several that is there; none or more is a fault."""
        there = [key for key in keys if self.has(key)]
        if len(there) == 1:
            return there[0]
        names = ", ".join(f"'{key}'" for key in keys)
        self.fault(f"needs exactly one of {names}", there[1] if there else "")
        return ""

    def text(self, key: str | Key) -> str | None:
        """Give a word, None where it is not there."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text:
            return node.text
        self.fault(f"'{_name(key)}' is a word", key)
        return None

    def need_text(self, key: str | Key) -> str:
        """Give a word that must be there."""
        if not self.has(key):
            self.fault(f"'{_name(key)}' is missing")
        return self.text(key) or ""

    def choice(self, key: str | Choice, options: Sequence[str] = ()) -> str | None:
        """Give one of the words that mean something here: of the `options`, else of the key's."""
        word = self.text(key)
        options = options or getattr(key, "options", ())
        if word is None or word in options:
            return word
        known = ", ".join(options)
        self.fault(f"'{word}' is not one of {known}{suggestion(word, options)}", key)
        return None

    def number(
        self, key: str | Number, scale: int = 0, *, least: int = 0, most: int = MOST
    ) -> int | None:
        """Give a decimal as an integer with `scale` decimals, None where it is not there.

        A declared key has bounds of its own, and unless it is of money its own decimals.
        """
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.fault(f"'{_name(key)}' is a number", key)
            return None
        if isinstance(key, Number):
            scale = scale if key.scale is None else key.scale
            least, most = key.least, key.most
        return read_number(node, scale, self.faults, least=least, most=most)

    def need_number(
        self, key: str | Number, scale: int = 0, *, least: int = 0, most: int = MOST
    ) -> int:
        """Give a decimal that must be there."""
        if not self.has(key):
            self.fault(f"'{_name(key)}' is missing")
        value = self.number(key, scale, least=least, most=most)
        if value is not None:
            return value
        return key.least if isinstance(key, Number) else least

    def flag(self, key: str | Flag, *, default: bool) -> bool:
        """Give `true` or `false`."""
        word = self.text(key)
        if word is not None and word not in {"true", "false"}:
            meant = _YES.get(word.lower(), word.lower())
            hint = f"; did you mean '{meant}'?" if meant in {"true", "false"} else ""
            self.fault(f"'{word}' is not one of true, false{hint}", key)
        return default if word is None else word == "true"

    def take(self, keys: type[Keys], rule: dict[str, Any], *, scale: int) -> None:
        """Read what is packed by its declaration alone into a rule; `scale` is that of money."""
        for key in keys.declared.values():
            if not key.packed:
                continue
            value = self._value(key, scale)
            if value is not None and value != getattr(key, "usual", None):
                rule[key.packed] = value

    def part(self, key: kinds.Table, *, scale: int) -> dict[str, Any]:
        """Read a mapping of which all is packed by its declaration; what is usual is left out."""
        table, packed = self.table(key), dict[str, Any]()
        if table is not None:
            table.take(key.keys, packed, scale=scale)
            table.close()
        return packed

    def _value(self, key: Key, scale: int) -> object:
        if isinstance(key, Choice):
            return self.choice(key)
        if isinstance(key, Number):
            return self.number(key, scale)
        if isinstance(key, kinds.Table):
            return self.part(key, scale=scale) or None
        if isinstance(key, Flag):
            return int(self.flag(key, default=False)) or None
        return self.day(key) if isinstance(key, Day) else self.text(key)

    def day(self, key: str | Key) -> str | None:
        """Give a date as written, year first."""
        word = self.text(key)
        if word is None:
            return None
        try:
            date.fromisoformat(word)
        except ValueError:
            word = ""
        if len(word) != len("2026-01-31"):
            self.fault(
                f"'{_name(key)}' is a date such as 2026-01-31{_day_hint(self.text(key))}", key
            )
            return None
        return word

    def words(self, key: str | Key) -> list[str]:
        """Give one word or a list of them, sorted and without repeats."""
        node = self.node(key)
        return [] if node is None else read_words(node, _name(key), self.faults)

    def options(self, key: Words) -> list[str]:
        """Give one or several of the words that mean something here; others are faults."""
        known = []
        for word in self.words(key):
            if word in key.options:
                known.append(word)
            else:
                self.fault(f"'{word}' is not one of {', '.join(key.options)}", key)
        return known

    def words_or_none(self, key: str | Key) -> list[str]:
        """Give words as `words` does, where an empty list says that there are none."""
        empty = getattr(self.node(key), "members", None) == ()
        return [] if empty else self.words(key)

    def ordered_words(self, key: str | Key) -> list[str]:
        """Give one word or a list of them, as they stand."""
        node = self.node(key)
        if node is None:
            return []
        self.words(key)
        return [getattr(member, "text", "") for member in getattr(node, "members", (node,))]

    def table(self, key: str | Key, *, like: str = "") -> "Fields | None":
        """Give the mapping under a key; a fault shows one `like` it."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node, Table):
            return Fields(node, self.faults)
        self.fault(f"'{_name(key)}' is a mapping{like and f' such as {like}'}", key)
        return None

    def tables(self, key: str | Key) -> "list[Fields]":
        """Give the list of mappings under a key."""
        node = self.node(key)
        if node is None:
            return []
        if not isinstance(node, Listing):
            self.fault(f"'{_name(key)}' is a list", key)
            return []
        return list(tables_of(node.members, _name(key), self.faults))


def _name(key: str | Key) -> str:
    return key if isinstance(key, str) else key.name


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
