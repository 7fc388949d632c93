"""Warehouses and batches as they are loaded."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WarehouseRecord:
    """A warehouse of a seller, named by its code; empty is the company itself."""

    code: str
    name: str
    priority: int
    seller: str = ""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch with its opening stock in base units; `mrp` where it is not the product's."""

    warehouse: str
    sku: str
    code: str
    manufactured: date | None
    expiry: date | None
    received: date
    on_hand: int
    mrp: int | None = None
