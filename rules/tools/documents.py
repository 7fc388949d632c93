"""Order, facts and result as JSON documents: read with every fault's path, and written."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import (
    Any,
    Final,
    Literal,
    TypeGuard,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from rules.engine.inputs import Counters, Customer, Facts, Order, Product
from rules.engine.result import Result
from rules.engine.tables import CompiledPack
from rules.language.text.faults import suggestion

KEY: Final = "sku"
"""The field that says itself under which key of an object it stands, and may be left out there."""

Document = TypeVar("Document")

UNIONS: Final = (Union, UnionType)
"""How Python writes `X | None`, with and without a named integer in it."""

_FORMAT: Final = 1
_MOST: Final = 10**18 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """An order with what it is decided with; `counters` are what bounded schemes gave before."""

    order: Order
    facts: Facts
    counters: Counters = field(default_factory=Counters)


@dataclass(frozen=True, slots=True)
class PackName:
    """Which pack decided; `hash` is the SHA-256 of its packed bytes."""

    name: str
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A result with what is needed to read it: amounts are integers of 10^-scale `currency`."""

    format: int
    pack: PackName
    currency: str
    scale: int
    result: Result


class DocumentError(Exception):
    """A document was refused; `faults` holds every `path: message`, as in `$.lines[0].sku`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def read(wanted: type[Document], text: str) -> Document:
    """Read the JSON of one of the engine's classes.

    Raises:
        DocumentError: with every fault.
    """
    try:
        tree = json.loads(text, object_pairs_hook=_Object)
    except (ValueError, RecursionError) as error:
        raise DocumentError([f"$: not JSON: {error}"]) from error
    faults: list[str] = []
    value = _Reader(faults).value(wanted, tree, "$")
    if faults:
        raise DocumentError(faults)
    return cast("Document", value)


def facts_of(order: Order) -> Facts:
    """Make do without facts: the customer is an id, and each product asked for is its SKU."""
    products = {line.sku: Product(line.sku, line.sku) for line in order.lines}
    return Facts(as_of="", customer=Customer(order.customer), products=products)


def decided(result: Result, pack: CompiledPack) -> Decision:
    """Put a result beside the pack that gave it."""
    name = PackName(pack.name, pack.version, pack.hash)
    return Decision(_FORMAT, name, pack.currency, pack.scale, result)


def write(value: object) -> str:
    """Write a document: the fields in the order of their class, two blanks a level."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False)


def plain(value: object) -> object:
    """Turn what the engine gives into what JSON knows."""
    if is_record(type(value)):
        return {name: plain(getattr(value, name)) for name in get_type_hints(type(value))}
    if isinstance(value, Mapping):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


def is_record(hint: object) -> TypeGuard[type]:
    """Tell whether a class is of named fields: a data class, or a tuple with names."""
    return isinstance(hint, type) and (is_dataclass(hint) or hasattr(hint, "_fields"))


class _Object(dict[str, Any]):
    """A JSON object that remembers which names it was given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = sorted({name for name in names if names.count(name) > 1})


class _Reader:
    """Builds the engine's classes from JSON by their own type hints, so that none is left out."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults

    def value(self, wanted: object, tree: object, path: str) -> object:
        wanted = getattr(wanted, "__supertype__", wanted)
        if is_dataclass(wanted) and isinstance(wanted, type):
            return self._object(wanted, tree, path)
        origin = get_origin(wanted)
        if origin in UNIONS:
            inner = next(one for one in get_args(wanted) if one is not NoneType)
            return None if tree is None else self.value(inner, tree, path)
        if origin is Literal:
            return self._choice(get_args(wanted), tree, path)
        if origin is tuple:
            return self._members(get_args(wanted)[0], tree, path)
        if origin is not None:
            return self._mapping(get_args(wanted), tree, path)
        return self._scalar(cast("type", wanted), tree, path)

    def _fault(self, path: str, message: str) -> None:
        self._faults.append(f"{path}: {message}")

    def _object(self, wanted: type, tree: object, path: str) -> object:
        if not self._is_object(tree, path):
            return None
        found = self._fields(wanted, tree, path)
        missing = [one.name for one in fields(wanted) if _needed(one) and one.name not in tree]
        for name in missing:
            self._fault(path, f"'{name}' is missing")
        return None if missing else wanted(**found)

    def _fields(self, wanted: type, tree: _Object, path: str) -> dict[str, object]:
        hints = get_type_hints(wanted)
        found = {}
        for name, member in tree.items():
            if name in hints:
                found[name] = self.value(hints[name], member, f"{path}.{name}")
            else:
                self._fault(f"{path}.{name}", f"unknown{suggestion(name, hints)}")
        return found

    def _is_object(self, tree: object, path: str) -> TypeGuard[_Object]:
        if not isinstance(tree, _Object):
            self._fault(path, f"needs an object, not {_kind(tree)}")
            return False
        for name in tree.repeated:
            self._fault(f"{path}.{name}", "is given twice")
        return True

    def _mapping(self, hints: tuple[object, ...], tree: object, path: str) -> dict[object, object]:
        """Read an object by its names; names of two parts are objects in an object."""
        if not self._is_object(tree, path):
            return {}
        keys, wanted = hints
        if get_origin(keys) is tuple:
            return {
                (outer, inner): value
                for outer, nested in tree.items()
                for inner, value in self._mapping((str, wanted), nested, f"{path}.{outer}").items()
            }
        found: dict[object, object] = {}
        for name, member in tree.items():
            at = f"{path}.{name}"
            found[name] = self.value(wanted, self._keyed(wanted, name, member, at=at), at)
        return found

    def _keyed(self, wanted: object, name: str, tree: object, *, at: str) -> object:
        """Let what stands under its own SKU go without saying it again."""
        if isinstance(tree, list) and get_origin(wanted) is tuple:
            inner = get_args(wanted)[0]
            return [
                self._keyed(inner, name, one, at=f"{at}[{place}]") for place, one in enumerate(tree)
            ]
        if not isinstance(tree, _Object) or KEY not in getattr(wanted, "__annotations__", ()):
            return tree
        if tree.setdefault(KEY, name) != name:
            self._fault(f"{at}.{KEY}", f"is not '{name}', under which it stands")
        return tree

    def _members(self, wanted: object, tree: object, path: str) -> tuple[object, ...]:
        if not isinstance(tree, list):
            self._fault(path, f"needs a list, not {_kind(tree)}")
            return ()
        return tuple(self.value(wanted, one, f"{path}[{at}]") for at, one in enumerate(tree))

    def _choice(self, options: tuple[str, ...], tree: object, path: str) -> object:
        if tree not in options:
            self._fault(path, f"needs one of {', '.join(options)}, not {_kind(tree)}")
        return tree

    def _scalar(self, wanted: type, tree: object, path: str) -> object:
        if wanted is date:
            return self._day(tree, path)
        if not isinstance(tree, wanted) or (isinstance(tree, bool) and wanted is not bool):
            self._fault(path, f"needs {_NAMES[wanted]}, not {_kind(tree)}")
        elif isinstance(tree, int) and abs(tree) > _MOST:
            self._fault(path, "has more than 18 digits")
        return tree

    def _day(self, tree: object, path: str) -> date | None:
        if isinstance(tree, str) and len(tree) == len("2026-01-31"):
            with suppress(ValueError):
                return date.fromisoformat(tree)
        self._fault(path, f"needs a date such as 2026-01-31, not {_kind(tree)}")
        return None


_NAMES: Final[dict[type, str]] = {int: "a whole number", str: "text", bool: "true or false"}


def _needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _kind(tree: object) -> str:
    """Name what stands there instead: the value where it is short, else what it is."""
    if isinstance(tree, dict | list):
        return "an object" if isinstance(tree, dict) else "a list"
    text = json.dumps(tree, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 (half a terminal line)
