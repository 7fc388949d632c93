"""What a terminal sends to the hub: orders, and what it says of itself."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from broker.contract.asking import Ask
from broker.contract.envelope import (
    Amount,
    Code,
    Count,
    Digest,
    Envelope,
    Instant,
    Name,
    Number,
    Quantity,
    Text,
    Unit,
    Uuid,
)
from broker.contract.facts import Payment, SchemeCounter
from broker.contract.messages.diagnosis import Diagnosis
from broker.contract.software import UpdateSaid

MAX_LINES: Final = 500
MAX_COUPONS: Final = 16
MAX_CHOICES: Final = 64
MAX_KEPT: Final = 32
"""How many orders a terminal gives back in one message."""
MAX_ANSWERS: Final = 64
"""How many revisions of one order are given back."""

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]


class OrderLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product and how many base units of it, whatever `unit` it was ordered in.

    `unit` is a pack size of the product, None the base unit; `batch` the one that is asked for.
    """

    line: Annotated[int, Meta(ge=1, le=MAX_LINES)]
    sku: Code
    qty: Quantity
    unit: Unit | None = None
    batch: Code | None = None


class Quote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the shop was shown, and all that it was priced with.

    Whoever prices the same lines by the same pack, customer facts and catalogue on the same day,
    with these `counters` and nothing used up of any other scheme, gets the same `price_hash`; if
    not, one of the two is wrong.
    """

    pack: Digest
    pack_version: Count
    facts: Digest
    price_hash: Digest
    payable: Amount
    catalogue: Digest | None = None
    day: date | None = None
    counters: list[SchemeCounter] = []


class OrderData(Struct, frozen=True, kw_only=True):
    """An order as frozen at the counter. `number` is what people read: terminal and sequence.

    `customer` is the terminal's own, or another that it may order for; `operator` names who did.
    `coupons` are codes shown with it; `choices` are the products wished for from schemes that leave
    a choice, by the scheme's id.
    """

    order: Uuid
    number: Number
    customer: Code
    operator: Name = ""
    payment: Payment = "credit"
    lines: Annotated[list[OrderLine], Meta(min_length=1, max_length=MAX_LINES)]
    coupons: Annotated[list[Code], Meta(max_length=MAX_COUPONS)] = field(default_factory=list)
    choices: Annotated[dict[Code, Code], Meta(max_length=MAX_CHOICES)] = field(default_factory=dict)
    quote: Quote | None = None
    captured_at: Instant
    mono_ms: Count
    clock_trusted: bool


class Order(Envelope, tag="order", frozen=True, kw_only=True):
    """A submitted order; sent again, byte for byte, until its answer is stored."""

    data: OrderData


class AckData(Struct, frozen=True, kw_only=True):
    """Which revision of which order the terminal has stored."""

    order: Uuid
    revision: Count


class Ack(Envelope, tag="ack", frozen=True, kw_only=True):
    """The terminal has stored the answer or notice named by `ref`."""

    data: AckData


class KeptOrders(Struct, frozen=True, kw_only=True):
    """Which answered orders a terminal keeps: how many, from which number to which.

    `newest` and `revision` name what the hub told it last. A hub that lacks any of it has
    forgotten.
    """

    orders: Count
    first: Count
    last: Count
    newest: Uuid
    revision: Count


class StatusData(Struct, frozen=True, kw_only=True):
    """Birth, heartbeat or will: is the terminal there, and what waits in it.

    `pack_reason` says why a rule pack that the hub wants in force is not, as a reason code.
    `leases` names what it was last told of leases and counters; without it, it takes none.
    `language` is that of its slips, in which texts of the hub are best.
    `card` names the terminal's data folder for as long as that lasts, and `numbered_to` is the
    highest number that its orders have: a new or an older card knows less than the hub. `kept` are
    its answered orders, None where it has none. `start` is a random id of this start: two machines
    on copies of one card have the same card, and can have the same boot. One that is `halted` takes
    no orders, as the hub told it, and sends those that it has. `pack_version` is the number of
    its rule pack: a hub that was put back gives no such number to another content. `counter` names
    what it was told of payments and of what to ask for once more, `cards` what it was told of
    operators and other customers; None for software that is told nothing of it. `update` is None
    where the machine takes no updates but its package's. One that `diagnoses` tells of itself when
    the hub asks, and one that `rotates` makes itself another password; older software says nothing
    of either.
    """

    state: Literal["online", "offline"]
    queued: Count = 0
    oldest_ms: Count = 0
    printer: Literal["ready", "offline", "paper_out", "cover_open", "none", "unknown"] = "unknown"
    slips_waiting: Count = 0
    catalogue: Digest | None = None
    pack: Digest | None = None
    facts: Digest | None = None
    software: Name = ""
    pack_reason: Code | None = None
    leases: Digest | None = None
    language: Language | None = None
    card: Uuid | None = None
    numbered_to: Count | None = None
    kept: KeptOrders | None = None
    start: Uuid | None = None
    halted: bool = False
    pack_version: Count | None = None
    counter: Digest | None = None
    cards: Digest | None = None
    update: UpdateSaid | None = None
    diagnoses: bool = False
    rotates: bool = False


class Status(Envelope, tag="status", frozen=True, kw_only=True):
    """Retained; as a will it carries the boot that left it, so that a late will is known as old."""

    data: StatusData


class LogData(Struct, frozen=True, kw_only=True):
    """Something a person at the hub should hear of: a refused pack, an unknown print."""

    level: Literal["info", "warning", "alarm"]
    code: Code
    text: Text
    order: Uuid | None = None


class Log(Envelope, tag="log", frozen=True, kw_only=True):
    """A remark of the terminal; it may be lost."""

    data: LogData


class KeptOrder(Struct, frozen=True, kw_only=True):
    """An order with the answer and the notices that were stored to it, each byte for byte.

    All are compressed with zlib, and base64 in JSON.
    """

    order: bytes
    answers: Annotated[list[bytes], Meta(max_length=MAX_ANSWERS)]


class KeptData(Struct, frozen=True, kw_only=True):
    """Answered orders by rising number: those above `after`, all up to `upto`.

    With `more` there are others above that.
    """

    after: Count
    upto: Count
    more: bool
    orders: Annotated[list[KeptOrder], Meta(max_length=MAX_KEPT)]


class Kept(Envelope, tag="kept", frozen=True, kw_only=True):
    """Given back to a hub that has forgotten, as the answer to its `recall`."""

    data: KeptData


UpMessage = Order | Ack | Status | Log | Diagnosis | Kept | Ask
