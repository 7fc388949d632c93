"""Order, facts and result as JSON documents: read with every fault's path, and written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar, cast, get_type_hints

from rules.engine.inputs import Counters, Customer, Facts, Order, Product
from rules.engine.result import Result
from rules.engine.returns import ReturnResult
from rules.engine.tables import CompiledPack
from rules.tools.schema.reading import DocumentError, Faults, is_record, reader_of, tree_of

Document = TypeVar("Document")

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Question:
    """An order with what it is decided with; `counters` are what bounded schemes gave before.

    People know it as `called`: by its number and its shop.
    """

    order: Order
    facts: Facts
    counters: Counters = field(default_factory=Counters)
    called: str = ""


@dataclass(frozen=True, slots=True)
class PackName:
    """Which pack decided; `hash` is the SHA-256 of its packed bytes."""

    name: str
    version: int
    hash: str

    @classmethod
    def of(cls, pack: CompiledPack) -> "PackName":
        """Name a pack."""
        return cls(pack.name, pack.version, pack.hash)


@dataclass(frozen=True, slots=True)
class Decision:
    """A result with what is needed to read it: amounts are integers of 10^-scale `currency`."""

    format: int
    pack: PackName
    currency: str
    scale: int
    result: Result


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a return, with what is needed to read it, as of a decision."""

    format: int
    pack: PackName
    currency: str
    scale: int
    result: ReturnResult


def read(wanted: type[Document], text: str) -> Document:
    """Read the JSON of one of the engine's classes.

    Raises:
        DocumentError: with every fault.
    """
    return made(wanted, tree_of(text))


def made(wanted: type[Document], tree: object) -> Document:
    """Make one of the engine's classes of what JSON held.

    Raises:
        DocumentError: with every fault.
    """
    faults: Faults = []
    value = reader_of(wanted)(tree, faults)
    if faults:
        raise DocumentError([f"${fault}" for fault in faults])
    return cast("Document", value)


def facts_of(order: Order) -> Facts:
    """Make do without facts: the customer is an id, and each product asked for is its SKU."""
    products = {line.sku: Product(line.sku, line.sku) for line in order.lines}
    return Facts(as_of="", customer=Customer(order.customer), products=products)


def decided(result: Result, pack: CompiledPack) -> Decision:
    """Put a result beside the pack that gave it."""
    return Decision(_FORMAT, PackName.of(pack), pack.currency, pack.scale, result)


def settled(result: ReturnResult, pack: CompiledPack) -> Settlement:
    """Put what becomes of a return beside the pack of its sale."""
    return Settlement(_FORMAT, PackName.of(pack), pack.currency, pack.scale, result)


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
