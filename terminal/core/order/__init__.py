"""The order being scanned: one event makes one step, a new order and what to tell the person."""

from terminal.core.order.commands import event_of
from terminal.core.order.events import (
    BatchChosen,
    CancelAsked,
    CodeUnknown,
    CouponShown,
    Event,
    FreeGoodsChosen,
    ProductScanned,
    QuantitySet,
    SubmitAsked,
    UndoAsked,
    UnitChosen,
)
from terminal.core.order.lines import Change, Line, OpenOrder
from terminal.core.order.steps import CANCEL_WITHIN_MS, Step, step

__all__ = [
    "CANCEL_WITHIN_MS",
    "BatchChosen",
    "CancelAsked",
    "Change",
    "CodeUnknown",
    "CouponShown",
    "Event",
    "FreeGoodsChosen",
    "Line",
    "OpenOrder",
    "ProductScanned",
    "QuantitySet",
    "Step",
    "SubmitAsked",
    "UndoAsked",
    "UnitChosen",
    "event_of",
    "step",
]
