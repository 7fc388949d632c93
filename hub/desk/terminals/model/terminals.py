"""Terminals as the hub knows them, and order messages on their way through it."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.desk.orders.model.request import Place
from hub.desk.parties.model import CustomerRecord, SellerRecord
from hub.desk.products.model import OwnPrefixRecord, ProductRecord
from hub.desk.stock.model import BatchRecord, WarehouseRecord

Key = tuple[str, int]
"""A terminal and one of its sequence numbers."""


def source_key(key: Key) -> str:
    """Write the key under which an order of a terminal is one order at the hub."""
    terminal, seq = key
    return f"{terminal}/{seq}"


def key_of(written: str) -> Key:
    """Read a key back from what `source_key` wrote."""
    terminal, _, seq = written.rpartition("/")
    return terminal, int(seq)


@dataclass(frozen=True, slots=True)
class ServedTerminal:
    """A terminal: whom it orders for, and which seller serves it from where, what it speaks.

    Where it `waits`, orders of its customer may be missing that a terminal has to give back. Where
    an `operator_needed`, an order that names none is for a person to look at.
    """

    id: str
    is_revoked: bool
    customer: str
    seller: int
    warehouse: Place
    language: str = "en"
    waits: bool = False
    operator_needed: bool = False


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
    kind: Literal["answer", "notice", "cmd"]
    payload: bytes
    outbox: int | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """What a terminal said last; the card is None for software that does not name it.

    `start` names the start that it said it in, None where that was not kept.
    """

    state: str
    boot: int
    card: str | None = None
    start: str | None = None


KEPT: Final = 1_000
"""How many refused messages are kept for people."""
KEPT_BYTES: Final = 2_048
"""How much of each is."""


MOST_JUMP: Final = 10_000_000
"""So far above its terminal's highest a number may be: more orders than a counter ever makes.

Above that the number is a broken disk's, or somebody's who wants to use all numbers up."""
TOLD_JUMP: Final = 10_000
"""A number so far above its terminal's highest is told to people."""


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that was not taken; `terminal` is empty where its topic is no terminal's.

    `times` counts the messages of its terminal and code that it stands for. `numbered_to` is the
    highest number of its terminal, where only the number of an order is another's.
    """

    terminal: str
    topic: str
    payload: bytes
    code: str
    text: str
    order: str | None = None
    message: str | None = None
    times: int = 1
    numbered_to: int | None = None


@dataclass(frozen=True, slots=True)
class TerminalLine:
    """A terminal as listed; presence is None for one that never spoke.

    One that is `ahead` keeps answered orders that the hub has forgotten; one that is `awaited` may,
    and orders of its customer wait. Of one that is `copied` two machines run.
    """

    id: str
    customer: str
    warehouse: str
    revoked_at: int | None = None
    state: str | None = None
    seen_at: int | None = None
    queued: int | None = None
    ahead: bool = False
    awaited: bool = False
    copied: bool = False


@dataclass(frozen=True, slots=True)
class TerminalRecord:
    """A counter terminal as loaded: whom it orders for, and from where it is served."""

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
    sellers: tuple[SellerRecord, ...]
    products: tuple[ProductRecord, ...]
    customers: tuple[CustomerRecord, ...]
    warehouses: tuple[WarehouseRecord, ...]
    batches: tuple[BatchRecord, ...]
    terminals: tuple[TerminalRecord, ...]
    own_prefixes: tuple[OwnPrefixRecord, ...] = ()


class TerminalError(Exception):
    """Something about a terminal cannot be done as asked; the text says why."""


class SetupError(Exception):
    """A first step of a new hub is not done: `field` names what is wrong: name, zone or code."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
