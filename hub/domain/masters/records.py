"""A distributor as loaded: who it is, what it sells, whom it serves, and what lies where."""

from dataclasses import dataclass
from datetime import date

from rules import CustomerStatus, LimitState


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product; `category` runs from the root, `pack_sizes` names base units a pack.

    `mrp` and `cost` are of a base unit, in 1/10,000 of the major unit; `pack_gtins` are the bar
    codes of whole packs, each with the pack's name. Terminals learn everything but the cost.
    """

    sku: str
    gtins: tuple[str, ...]
    name: str
    category: tuple[str, ...]
    brand: str | None
    tax_class: str | None
    base_unit: str
    pack_sizes: tuple[tuple[str, int], ...]
    mrp: int | None = None
    cost: int | None = None
    pack_gtins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer; amounts in minor units, `since` is the day it became one."""

    code: str
    name: str
    type: str | None
    geo: tuple[str, ...]
    status: CustomerStatus
    credit_state: LimitState
    credit_limit: int
    opening_outstanding: int
    since: date | None = None


@dataclass(frozen=True, slots=True)
class WarehouseRecord:
    """A warehouse."""

    code: str
    name: str
    priority: int


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A lot with its opening stock in base units; `mrp` where it is not the product's."""

    warehouse: str
    sku: str
    code: str
    manufactured: date | None
    expiry: date | None
    received: date
    on_hand: int
    mrp: int | None = None


@dataclass(frozen=True, slots=True)
class TerminalRecord:
    """A counter terminal, whom it orders for and from where it is served."""

    id: str
    customer: str
    warehouse: str


@dataclass(frozen=True, slots=True)
class Distributor:
    """Everything of one distributor's folder but the rule pack."""

    name: str
    support: str
    timezone: str
    http: str
    products: tuple[ProductRecord, ...]
    customers: tuple[CustomerRecord, ...]
    warehouses: tuple[WarehouseRecord, ...]
    batches: tuple[BatchRecord, ...]
    terminals: tuple[TerminalRecord, ...]
