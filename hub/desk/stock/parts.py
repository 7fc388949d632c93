"""What stock brings to the hub: acts, pages, commands, promises, a panel on a product's page."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.stock.acts import StockActs
from hub.desk.stock.acts.correct_dates import CorrectDates
from hub.desk.stock.acts.count_stock import CountStock
from hub.desk.stock.acts.decide_document import DecideDocument
from hub.desk.stock.acts.move_stock import MoveStock
from hub.desk.stock.acts.recall_batch import RecallBatch
from hub.desk.stock.acts.receive_goods import ReceiveGoods
from hub.desk.stock.acts.set_limit import SetLimit
from hub.desk.stock.acts.transfer_stock import TransferStock
from hub.desk.stock.pages import read_panel
from hub.desk.stock.promises import CHECK
from hub.web.noun import Noun, Panel

NOUN: Final = Noun(
    "stock",
    templates=Path(__file__).parent / "pages" / "templates",
    panels=(Panel("product", "side", "stock_panel.html", read=read_panel),),
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> StockActs:
    """Make the acts of stock."""
    clock = ground.clock
    return StockActs(
        receive=ReceiveGoods(transactions, clock),
        move=MoveStock(transactions, clock),
        transfer=TransferStock(transactions, clock),
        count=CountStock(transactions, clock),
        decide=DecideDocument(transactions, clock),
        recall=RecallBatch(transactions, clock),
        correct_dates=CorrectDates(transactions, clock),
        set_limit=SetLimit(transactions, clock),
    )
