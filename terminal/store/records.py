"""The rows the terminal keeps, as frozen records, and the seals that make tampering visible."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import msgspec

from broker.contract.messages import Order, OrderData
from rules import CounterChange

OrderState = Literal["queued", "answered", "parked"]
SlipKind = Literal["queued", "answer", "notice", "refused", "status"]
"""`status` is a slip of no order, whatever it reports."""
SlipState = Literal["queued", "sent", "printed", "handed", "unknown", "dropped"]
"""`printed` is proven; `handed` went to a printer that cannot say; `dropped` was never sent."""
_order: Final = msgspec.json.Decoder(Order)


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order about to be stored; `payload` are the bytes that are sent, always the same.

    `changes` is what it uses of schemes, as it was priced here.
    """

    seq: int
    id: str
    number: str
    payload: bytes
    names: tuple[str, ...]
    submitted_at: int
    changes: tuple[CounterChange, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSlip:
    """A slip about to be spooled; `body` holds its rows.

    One that does not print by itself is there for who asks for a copy.
    """

    order_id: str | None
    kind: SlipKind
    revision: int
    body: bytes
    made_at: int
    prints: bool = True


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """The hub's word on an order, about to be stored."""

    order_id: str
    revision: int
    kind: Literal["answer", "notice", "refused"]
    status: str
    payload: bytes
    taken_at: int


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """A submitted order as kept; `names` are its lines' product names as the shop saw them."""

    seq: int
    id: str
    number: str
    payload: bytes
    names: tuple[str, ...]
    submitted_at: int
    state: OrderState


@dataclass(frozen=True, slots=True)
class Answered:
    """An order as it was sent, and all that the hub told of it, by revision; byte for byte."""

    seq: int
    payload: bytes
    told: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SpoolJob:
    """A slip to print."""

    id: int
    order_id: str | None
    kind: SlipKind
    revision: int
    copy: int
    body: bytes
    state: SlipState


@dataclass(frozen=True, slots=True)
class SlipRecord:
    """What an audit wants to know of a slip."""

    kind: SlipKind
    revision: int
    copy: int
    state: SlipState


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What an audit wants to know of an order; revision is -1 where nothing was answered yet."""

    seq: int
    order: str
    number: str
    state: OrderState
    status: str
    revision: int
    slips: tuple[SlipRecord, ...]


def seal(*parts: object) -> str:
    """Hash a row's lasting fields, each with its length, so that no two rows read the same."""
    digest = sha256()
    for part in parts:
        piece = part if isinstance(part, bytes) else str(part).encode()
        digest.update(f"{len(piece)}:".encode())
        digest.update(piece)
    return digest.hexdigest()


def sent_as(stored: StoredOrder) -> OrderData | None:
    """Read what an order said when it was sent from here; None where its row is damaged."""
    try:
        return _order.decode(stored.payload).data
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
