"""What happens to stock that others wait for, told in the same commit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StockFreed:
    """Good stock of these batches came in, or is no longer promised to an order.

    `cause` names what freed it, the same for all that one document or revision did: `receipt 17`.
    """

    cause: str
    batches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StockRanLow:
    """Products became low in warehouses; `spells` are the numbers of rows of `stock_low`."""

    spells: tuple[int, ...]
