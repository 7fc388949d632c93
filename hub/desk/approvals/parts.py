"""What approvals bring to the hub: acts, a panel on an order's page, and commands."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.transaction import Transactions
from hub.desk.approvals import api
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.approvals.acts.expire_approval import EXPIRE, expect_expiry, expire_approval
from hub.desk.approvals.acts.offer_order import OfferOrder
from hub.desk.approvals.acts.refuse_order import RefuseOrder
from hub.desk.approvals.acts.release_order import ReleaseOrder
from hub.desk.approvals.commands import add
from hub.desk.approvals.pages import asked, decisions, held
from hub.desk.approvals.promises import CHECK, check_askers
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderHeld
from hub.web.noun import BulkStep, MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "approvals",
    routers=(decisions.router, held.router, asked.router, api.router),
    menu=(MenuEntry("/approvals", "menu.approvals", "hand-stop", "approvals.read", 15, key="a"),),
    work=(Work("approvals.decide", 5, held.read_work),),
    bulk=tuple(
        BulkStep(name, step, label, icon, "approvals.decide", held.foresee, do, asks_why=asks)
        for name in ("orders", "approvals")
        for step, label, icon, do, asks in (
            ("release", "approval.release", "check", held.release_row, False),
            ("refuse", "approval.refuse", "x", held.refuse_row, True),
        )
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    permissions={"approvals": ("read", "decide")},
    commands=(add,),
    panels=(
        Panel(
            "order",
            "top",
            "approval_panel.html",
            read=decisions.read_panel,
            dialogs="approval_dialogs.html",
            actions=held.offer_actions,
        ),
    ),
    promises=(CHECK, check_askers),
)


def build(ground: Ground, transactions: Transactions, desk: Desk, *, jobs: Jobs) -> ApprovalActs:
    """Make the acts of approvals, and have approvals end whose time is over."""
    clock = ground.clock
    transactions.listen(OrderHeld, expect_expiry)
    jobs.handle(EXPIRE, expire_approval)
    return ApprovalActs(
        release=ReleaseOrder(transactions, desk, clock),
        refuse=RefuseOrder(transactions, clock),
        offer=OfferOrder(transactions, desk, clock),
    )
