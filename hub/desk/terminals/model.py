"""Terminals as the hub knows them, and order messages on their way through it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from hub.base.fields import Reason, Refused
from hub.desk.orders.model.request import Place
from hub.desk.parties.model import CustomerRecord, SellerRecord
from hub.desk.parties.model.cells import CellError, clean, read_amount, read_choice, read_count
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

    Where it `waits`, orders of its customer may be missing that a terminal has to give back.
    """

    id: str
    is_revoked: bool
    customer: str
    seller: int
    warehouse: Place
    language: str = "en"
    waits: bool = False


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


class Secrets(Protocol):
    """Hands a new terminal its secret, and tells the broker."""

    def issue(self, terminal: str, secret: str) -> None:
        """Write the terminal's configuration and let it in at the broker."""

    def withdraw(self, terminal: str) -> None:
        """Take both away."""


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


PAYMENTS: Final = ("credit", "cash", "advance")
"""The ways to pay, the usual one of most shops first."""
ASK_SCALE: Final = 2
"""Decimals of the amount above which a counter asks once more."""


@dataclass(frozen=True, slots=True)
class CounterSettings:
    """What a terminal's counter takes, and from where on it asks once more.

    `payments` are the ways to pay, the usual one first; with none, what the customer's credit says:
    of one that gets no credit cash, then advance. `ask_quantity` is counted in a line's own unit,
    `ask_amount` is of a whole order in minor units; 0 asks never, None is what is usual.
    """

    payments: tuple[str, ...] = ()
    ask_quantity: int | None = None
    ask_amount: int | None = None

    @property
    def fields(self) -> Mapping[str, str | int | None]:
        """Give what history keeps."""
        return {
            "payments": ",".join(self.payments),
            "ask_quantity": self.ask_quantity,
            "ask_amount": self.ask_amount,
        }


def payments_of(settings: CounterSettings, credit_state: str) -> tuple[str, ...]:
    """Give the ways to pay that a counter takes; none where all are, and credit is usual."""
    if settings.payments or credit_state != "cash_only":
        return settings.payments
    return ("cash", "advance")


def read_counter_settings(fields: Mapping[str, str]) -> CounterSettings | Refused:
    """Read settings from texts, an empty field for what is usual.

    `payments` are parted by commas; of those after the first the order says nothing: `cash,
    advance, credit` is `cash,credit,advance`.
    """
    faults: list[Reason] = []

    def read(name: str, reader: Callable[[str], int]) -> int | None:
        text = clean(fields.get(name, ""))
        try:
            return reader(text) if text else None
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            return None

    payments: list[str] = []
    for word in filter(None, map(clean, fields.get("payments", "").split(","))):
        try:
            payments.append(read_choice(word, PAYMENTS))
        except CellError as error:
            faults.append(error.reason._replace(field="payments"))
    settings = CounterSettings(
        (*payments[:1], *(one for one in PAYMENTS if one in payments[1:] and one != payments[0])),
        read("ask_quantity", read_count),
        read("ask_amount", lambda text: read_amount(text, ASK_SCALE)),
    )
    return Refused(tuple(faults)) if faults else settings
