"""A distributor as loaded: who it is, what it sells, whom it serves, and what lies where."""

from dataclasses import dataclass
from datetime import date

from rules.engine.inputs import CustomerStatus, LimitState


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product; `category` runs from the root, `pack_sizes` names base units a pack."""

    sku: str
    gtins: tuple[str, ...]
    name: str
    category: tuple[str, ...]
    brand: str | None
    tax_class: str | None
    base_unit: str
    pack_sizes: tuple[tuple[str, int], ...]


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
    """A lot with its opening stock in base units."""

    warehouse: str
    sku: str
    code: str
    manufactured: date | None
    expiry: date | None
    received: date
    on_hand: int


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
