"""The order being scanned: one event makes one step, a new order and what to tell the person."""

from terminal.core.order.commands import event_of
from terminal.core.order.doubts import Doubt, Doubts, doubt_about
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
from terminal.core.order.freezing import order_data
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
    "Doubt",
    "Doubts",
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
    "doubt_about",
    "event_of",
    "is_unusual_sum",
    "order_data",
    "step",
    "unusual_line",
]
