"""What staff and programs do with orders: place, amend, hold, cancel, fill; one transaction each.

`foresee` tells what placing or amending would come to, and does nothing.
"""

from dataclasses import dataclass

from hub.desk.orders.acts.amend_order import AmendOrder
from hub.desk.orders.acts.cancel_order import CancelOrder
from hub.desk.orders.acts.fill_order import FillOrder
from hub.desk.orders.acts.fold_sums import FoldSums
from hub.desk.orders.acts.foresee_order import ForeseeOrder
from hub.desk.orders.acts.give_paper import GiveOrderPaper
from hub.desk.orders.acts.hold_order import HoldOrder
from hub.desk.orders.acts.keep_sums import KeepSums
from hub.desk.orders.acts.place_order import PlaceOrder
from hub.desk.orders.acts.redirect_order import RedirectOrder
from hub.desk.orders.acts.split_order import SplitOrder
from hub.desk.orders.acts.tell_price import TellPrice


@dataclass(frozen=True, slots=True)
class OrderActs:
    """The acts of orders."""

    place: PlaceOrder
    amend: AmendOrder
    hold: HoldOrder
    cancel: CancelOrder
    redirect: RedirectOrder
    fill: FillOrder
    foresee: ForeseeOrder
    price: TellPrice
    split: SplitOrder
    paper: GiveOrderPaper
    fold: FoldSums
    keep: KeepSums
