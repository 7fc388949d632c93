"""What can happen to the order at the counter."""

from dataclasses import dataclass

from broker.contract.messages import Payment
from terminal.core.order.lines import Line
from terminal.core.words import Said


@dataclass(frozen=True, slots=True)
class ProductScanned:
    """A product of the catalogue; `order_id` is used where the order is still empty.

    `quantity` counts base units, also where whole packs were scanned: `unit` is then the pack size
    and `size` the base units in one. `batch` is what the code itself names: it is only chosen where
    BatchChosen follows. `note` is the message that says what of the code was not used.
    """

    sku: str
    name: str
    order_id: str
    quantity: int = 1
    unit: str = ""
    size: int = 1
    batch: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuantitySet:
    """The line just scanned shall have this quantity, counted in the line's own unit."""

    quantity: int


@dataclass(frozen=True, slots=True)
class DigitScanned:
    """One more digit of a quantity, which stands once ENTER follows."""

    digit: int


@dataclass(frozen=True, slots=True)
class EnterAsked:
    """The digits scanned are the quantity of the line just scanned."""


@dataclass(frozen=True, slots=True)
class UnitChosen:
    """What was counted in the line just scanned are packs of `size`; an empty `unit`: pieces."""

    unit: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class BatchChosen:
    """The line just scanned shall be of this batch; empty: of the one that its code named."""

    batch: str = ""


@dataclass(frozen=True, slots=True)
class CouponShown:
    """A coupon comes with the order; `order_id` is used where the order is still empty."""

    code: str
    order_id: str


@dataclass(frozen=True, slots=True)
class FreeGoodsChosen:
    """Of free goods that leave a choice, this product is wished for."""

    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class PaymentChosen:
    """The order shall be paid so; `accepted` are the ways that this counter takes."""

    payment: Payment
    accepted: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class CustomerChosen:
    """The order shall be for this customer, by its card; an empty code is the counter's own."""

    customer: str
    name: str


@dataclass(frozen=True, slots=True)
class ProductRemoved:
    """A line of this product shall go: the newest one in that unit, else the newest of all."""

    sku: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LinesRepeated:
    """The lines of an earlier order, by its number, are wanted again.

    `gone` names those of its products that are not sold any more. `order_id` is used where the
    order is still empty.
    """

    number: str
    lines: tuple[Line, ...]
    order_id: str
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeUnknown:
    """A code was read that is nothing here; `said` tells what and why."""

    said: Said


@dataclass(frozen=True, slots=True)
class UndoAsked:
    """Take the last change back."""


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """Throw the order away; it takes two, within ten seconds."""

    mono_ms: int


@dataclass(frozen=True, slots=True)
class SubmitAsked:
    """Freeze the order and send it."""


Event = (
    ProductScanned
    | QuantitySet
    | DigitScanned
    | EnterAsked
    | UnitChosen
    | BatchChosen
    | CouponShown
    | FreeGoodsChosen
    | PaymentChosen
    | CustomerChosen
    | ProductRemoved
    | LinesRepeated
    | CodeUnknown
    | UndoAsked
    | CancelAsked
    | SubmitAsked
)
