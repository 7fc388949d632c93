"""The order being scanned: one event makes one step, a new order and what to tell the person."""

from terminal.core.order.commands import event_of
from terminal.core.order.events import (
    BatchChosen,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    CustomerChosen,
    DigitScanned,
    EnterAsked,
    Event,
    FreeGoodsChosen,
    LinesRepeated,
    PaymentChosen,
    ProductRemoved,
    ProductScanned,
    QuantitySet,
    SubmitAsked,
    UndoAsked,
    UnitChosen,
)
from terminal.core.order.lines import Change, Line, OpenOrder
from terminal.core.order.steps import CANCEL_WITHIN_MS, Step, step
from terminal.core.order.unusual import Bounds, is_unusual_sum, unusual_line

__all__ = [
    "CANCEL_WITHIN_MS",
    "BatchChosen",
    "Bounds",
    "CancelAsked",
    "Change",
    "CodeUnknown",
    "CouponShown",
    "CustomerChosen",
    "DigitScanned",
    "EnterAsked",
    "Event",
    "FreeGoodsChosen",
    "Line",
    "LinesRepeated",
    "OpenOrder",
    "PaymentChosen",
    "ProductRemoved",
    "ProductScanned",
    "QuantitySet",
    "Step",
    "SubmitAsked",
    "UndoAsked",
    "UnitChosen",
    "event_of",
    "is_unusual_sum",
    "step",
    "unusual_line",
]
