"""What orders bring to the hub: acts, pages and commands."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.orders import api, words
from hub.desk.orders.acts import OrderActs
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
from hub.desk.orders.commands import add
from hub.desk.orders.deciding import Desk
from hub.desk.orders.pages import customer_panel, customer_prices, entry, orders, today
from hub.desk.orders.pages.listing import find_orders
from hub.desk.orders.promises import CHECK, check_decisions, check_kept_sums
from hub.desk.orders.store import FILL, expect_fill
from hub.desk.stock.model.events import StockFreed
from hub.web.noun import BulkStep, Finder, MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "orders",
    routers=(
        customer_panel.router,
        customer_prices.router,
        entry.router,
        orders.router,
        api.router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/orders", "menu.orders", "receipt-2", "orders.read", 10, key="o"),),
    permissions={"orders": ("read", "place", "amend", "hold", "cancel")},
    topics={"orders": "orders.read", "stock": "orders.read"},
    words={"order_words": words},
    commands=(add,),
    panels=(
        Panel("home", "top", "orders_today.html", read=today.read_panel),
        Panel(
            "customer",
            "main",
            "customer_panel.html",
            read=customer_panel.read_panel,
            actions=customer_panel.offer_actions,
        ),
    ),
    work=(Work("orders.read", 10, today.read_work),),
    finders=(Finder("orders.read", find_orders),),
    bulk=(
        BulkStep(
            "orders",
            "hold",
            "order.hold",
            "player-pause",
            "orders.hold",
            today.foresee_hold,
            today.hold_row,
            asks_why=True,
        ),
    ),
    promises=(CHECK, check_kept_sums, check_decisions),
)


def build(ground: Ground, transactions: Transactions, desk: Desk, *, jobs: Jobs) -> OrderActs:
    """Make the acts of orders, and have those filled that wait for stock when some comes in."""
    clock = ground.clock
    filling = FillOrder(transactions, desk, clock)
    transactions.listen(StockFreed, expect_fill)
    jobs.handle(FILL, filling.next)
    return OrderActs(
        place=PlaceOrder(transactions, desk, clock, ground.ids),
        amend=AmendOrder(transactions, desk, clock),
        hold=HoldOrder(transactions, clock),
        cancel=CancelOrder(transactions, clock),
        redirect=RedirectOrder(transactions, clock),
        fill=filling,
        foresee=ForeseeOrder(transactions, desk, clock, ground.ids),
        price=TellPrice(transactions, desk, clock),
        split=SplitOrder(transactions, desk, clock, ground.ids),
        paper=GiveOrderPaper(ground.part(KeptPapers)),
        fold=FoldSums(transactions, clock),
        keep=KeepSums(transactions, clock),
    )
