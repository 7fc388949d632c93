"""Terminals as the hub knows them, and order messages on their way through it."""

from dataclasses import dataclass
from typing import Literal

from hub.desk.orders.model.request import Place


@dataclass(frozen=True, slots=True)
class ServedTerminal:
    """A terminal: whom it orders for, and which seller serves it from where."""

    id: str
    is_revoked: bool
    customer: str
    seller: int
    warehouse: Place


@dataclass(frozen=True, slots=True)
class PriceAlarm:
    """What hub and terminal both priced by, and what each came to, all as hashes."""

    pack: str
    facts: str
    catalogue: str
    quoted: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish; `outbox` is its row, where it has one."""

    terminal: str
    kind: Literal["answer", "notice", "cmd", "time"]
    payload: bytes
    outbox: int | None = None
