"""Names in rules that nobody has: SKUs, customers, nodes, warehouses, roles; what nothing meets."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from rules.engine.index import places
from rules.language.text.faults import suggestion
from rules.language.vocabulary import PRODUCT_KEYS
from rules.tools.lint.catalogue import Attributes, Catalogue
from rules.tools.lint.doubts import Doubt, Packed, Path
from rules.tools.lint.scopes import Scopes, above

_CODES: Final = {"sku": "unknown_sku", "customer": "unknown_customer"}
_OF_WHO_ASKED: Final = "manager_of_requester"
"""A role of approvals that is whoever stands above the one who asked."""

_WHO: Final = ("customer", "customer.type", "geo")
"""What a list of customers tells; how an order is paid and how a customer stands, it does not."""

# Looking for a similar word among thousands takes some 50 ms: a file full of strangers has another
# fault than spelling.
_MOST_HINTS: Final = 40


class Names:
    """What products and customers are called, and which rules mean none of them.

    Without a catalogue, a SKU is known where a price list or a case of the pack has it; nothing is
    known of other names then.
    """

    def __init__(self, document: Packed, catalogue: Catalogue) -> None:
        self._known: dict[str, Collection[str]] = {}
        for entries, keys in ((catalogue.products, PRODUCT_KEYS), (catalogue.customers, _WHO)):
            if entries is not None:
                self._known |= {key: _values(entries, key) for key in keys}
        if "sku" in self._known:
            self._known["sku"] = {*self._known["sku"], *catalogue.unsold}
        self._against = "the catalogue"
        if catalogue.products is None:
            self._against = "any price list or case product"
            known = {sku for rule in document["prices"] for sku in rule.get("rates", ())}
            known |= catalogue.examples.keys()
            for case in document["cases"]:
                # What a case expects to be given is known, though nobody buys it.
                known |= {*case.get("prices", {}), *case["expect"].get("free", {})}
            if known:
                self._known["sku"] = known
        self._catalogue = catalogue
        self._hints = _MOST_HINTS

    def doubts(self, rule: Packed) -> Iterator[Doubt]:
        """Doubt the names of one rule."""
        yield from self._conditions(rule.get("when", {}), ("when",))
        yield from self._conditions(rule.get("not", {}), ("when", "not"))
        for number, part in enumerate(rule.get("parts", ())):
            yield from self._conditions(part["when"], ("combo", number))
        yield from self._conditions(rule.get("target", {}).get("when", {}), ("on",))
        given = [rule["item"]] if "item" in rule else rule.get("choice", ())
        yield from self._words("sku", given, ("free", "item", "choice"))
        strangers = [sku for sku in rule.get("rates", ()) if self._is_stranger("sku", sku)]
        if strangers:
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            text = f"{self._unknown('sku', strangers[0])}{more}"
            yield Doubt("unknown_sku", text, ("rates", strangers[0]))

    def empty(self, rules: Sequence[Packed]) -> Iterator[tuple[int, Doubt]]:
        """Doubt rules whose conditions together nothing meets, by their places."""
        scopes = Scopes(rules)
        for entries, keys, what in (
            (self._catalogue.products, PRODUCT_KEYS, "product"),
            (self._catalogue.customers, _WHO, "customer"),
        ):
            if entries is None:
                continue
            met = 0
            for entry in entries.values():
                met |= scopes.met_by(entry, keys)
            text = f"no {what} of the catalogue meets its conditions"
            for place in places(~met & (1 << len(rules)) - 1):
                # What nobody is called says by itself why nothing meets the rule.
                wanted = rules[place].get("when", {}).items()
                if not any(self._is_stranger(key, one) for key, some in wanted for one in some):
                    yield place, Doubt("matches_nothing", text, ("when",))

    def _conditions(self, conditions: Mapping[str, Iterable[str]], way: Path) -> Iterator[Doubt]:
        for key, values in conditions.items():
            yield from self._words(key, values, (*way, key))

    def _words(self, key: str, values: Iterable[str], way: Path) -> Iterator[Doubt]:
        for value in values:
            if self._is_stranger(key, value):
                yield Doubt(
                    _CODES.get(key, "unknown_node"), self._unknown(key, value), (*way, value)
                )

    def _is_stranger(self, key: str, value: str) -> bool:
        return key in self._known and value not in self._known[key]

    def _unknown(self, key: str, value: str) -> str:
        self._hints -= 1
        hint = suggestion(value, self._known[key]) if self._hints >= 0 else ""
        against = self._against if key == "sku" else "the catalogue"
        return f"{key} '{value}' is not in {against}{hint}"


def of_head(document: Packed, catalogue: Catalogue) -> Iterator[Doubt]:
    """Doubt warehouses that the head of a pack names and nobody has."""
    for name in document["warehouses"]:
        yield from _warehouse(name, catalogue)


def of_warehouses(document: Packed, catalogue: Catalogue) -> Iterator[tuple[str, Doubt]]:
    """Doubt warehouses that rules of allocation name and nobody has, by the rules' ids."""
    for rule in document["allocation"]:
        for name in rule.get("warehouses", ()):
            for doubt in _warehouse(name, catalogue):
                yield rule["id"], doubt


def _warehouse(name: str, catalogue: Catalogue) -> Iterator[Doubt]:
    there = catalogue.warehouses
    if there is not None and name not in there:
        known = f": write one of {', '.join(sorted(there))}" if there else ""
        text = f"there is no warehouse '{name}'{suggestion(name, there) or known}"
        yield Doubt("unknown_warehouse", text, ("warehouses", name))


def of_roles(document: Packed, catalogue: Catalogue) -> Iterator[tuple[str, Doubt]]:
    """Doubt levels of approvals whose roles nobody has: what they hold would wait for ever.

    Of `any_of` one will do.
    """
    held = catalogue.roles
    for rule in document["approvals"] if held is not None else ():
        for number, level in enumerate(rule["levels"]):
            for roles in level["steps"]:
                if not {*roles} & {*(held or ()), _OF_WHO_ASKED}:
                    told = f"nobody has the role {' or '.join(roles)}"
                    near = suggestion(roles[0], held or ())
                    yield rule["id"], Doubt("role_unheld", told + near, ("levels", number))


def _values(entries: Mapping[str, Attributes], key: str) -> set[str]:
    found: set[str] = set()
    for entry in entries.values():
        if key in entry and entry[key] not in found:
            found.update(above(key, entry[key]))
    return found
