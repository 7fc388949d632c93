"""The hot path: orders decided, and all their rows written, inside a given transaction."""

from hub.desk.orders.deciding.asking import AgainAmended, address_for, decide_amended, request_of
from hub.desk.orders.deciding.changing import (
    Changed,
    Kept,
    cancel,
    decide_again,
    hold,
    keep,
    move,
)
from hub.desk.orders.deciding.filling import fill, next_waiting, waiting_lines
from hub.desk.orders.deciding.foreseeing import DryDecision, foresee_amended, foresee_new
from hub.desk.orders.deciding.locking import (
    LockedOrder,
    lock_order,
    order_for,
    unbilled_order_for,
    unsent_order_for,
)
from hub.desk.orders.deciding.past_sales import (
    Content,
    GoodsLine,
    pack_of,
    read_sale,
    read_step,
    return_of,
    settle_back,
    undelivered,
)
from hub.desk.orders.deciding.placing import Placed, decide_new, place
from hub.desk.orders.deciding.reading import Desk, lock_customers, read_availability
from hub.desk.orders.deciding.splitting import NewOrder, Split, order_again, split
from hub.desk.orders.deciding.taking_back import Restored, settle_otherwise, take_back

__all__ = [
    "AgainAmended",
    "Changed",
    "Content",
    "Desk",
    "DryDecision",
    "GoodsLine",
    "Kept",
    "LockedOrder",
    "NewOrder",
    "Placed",
    "Restored",
    "Split",
    "address_for",
    "cancel",
    "decide_again",
    "decide_amended",
    "decide_new",
    "fill",
    "foresee_amended",
    "foresee_new",
    "hold",
    "keep",
    "lock_customers",
    "lock_order",
    "move",
    "next_waiting",
    "order_again",
    "order_for",
    "pack_of",
    "place",
    "read_availability",
    "read_sale",
    "read_step",
    "request_of",
    "return_of",
    "settle_back",
    "settle_otherwise",
    "split",
    "take_back",
    "unbilled_order_for",
    "undelivered",
    "unsent_order_for",
    "waiting_lines",
]
