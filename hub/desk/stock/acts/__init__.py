"""What people do with stock: receive, move, adjust, transfer, count, recall, and let it pass."""

from dataclasses import dataclass

from hub.desk.stock.acts.correct_dates import CorrectDates
from hub.desk.stock.acts.count_stock import CountStock
from hub.desk.stock.acts.decide_document import DecideDocument
from hub.desk.stock.acts.give_note import GiveSupplierNote
from hub.desk.stock.acts.move_stock import MoveStock
from hub.desk.stock.acts.recall_batch import RecallBatch
from hub.desk.stock.acts.receive_goods import ReceiveGoods
from hub.desk.stock.acts.set_level import SetLevel
from hub.desk.stock.acts.set_limit import SetLimit
from hub.desk.stock.acts.transfer_stock import TransferStock
from hub.desk.stock.acts.watch_levels import WatchLevels


@dataclass(frozen=True, slots=True)
class StockActs:
    """The acts of stock."""

    receive: ReceiveGoods
    move: MoveStock
    transfer: TransferStock
    count: CountStock
    decide: DecideDocument
    recall: RecallBatch
    correct_dates: CorrectDates
    set_limit: SetLimit
    set_level: SetLevel
    note: GiveSupplierNote
    watch: WatchLevels
