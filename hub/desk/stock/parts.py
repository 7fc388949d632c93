"""What stock brings to the hub: acts, pages, commands, promises, a panel on a product's page."""

from functools import partial
from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.people.reads.alone import is_alone
from hub.desk.stock import api
from hub.desk.stock.acts import StockActs
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
from hub.desk.stock.commands import add
from hub.desk.stock.model.moves import SECOND_HANDS
from hub.desk.stock.pages import documents, levels, limit, moving, read_panel, records, work
from hub.desk.stock.promises import CHECK, check_second_persons, note_alone
from hub.web.noun import MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "stock",
    routers=(
        moving.router,
        documents.router,
        records.router,
        limit.router,
        levels.router,
        api.router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/stock", "menu.stock", "package", "stock.read", 40, key="s"),),
    permissions={
        "stock": ("read", "receive", "move", "count", "approve", "recall", "limit", "levels"),
    },
    commands=(add,),
    work=(Work("stock.read", 30, work.read_work),),
    panels=(Panel("product", "side", "stock_panel.html", read=read_panel),),
    promises=(CHECK, check_second_persons),
    notes=(note_alone,),
)


def build(ground: Ground, transactions: Transactions) -> StockActs:
    """Make the acts of stock."""
    clock = ground.clock
    alone = partial(is_alone, may=SECOND_HANDS, scope=EVERYTHING)
    return StockActs(
        receive=ReceiveGoods(transactions, clock),
        move=MoveStock(transactions, clock),
        transfer=TransferStock(transactions, clock),
        count=CountStock(transactions, clock, alone),
        decide=DecideDocument(transactions, clock, alone),
        recall=RecallBatch(transactions, clock),
        correct_dates=CorrectDates(transactions, clock),
        set_limit=SetLimit(transactions, clock),
        set_level=SetLevel(transactions, clock),
        note=GiveSupplierNote(ground.part(KeptPapers)),
        watch=WatchLevels(transactions, clock, EVERYTHING),
    )
