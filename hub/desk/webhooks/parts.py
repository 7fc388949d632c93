"""What webhooks bring to the hub: acts, pages, the API, commands, and the job that sends."""

from pathlib import Path
from typing import Final

from hub.base.access import Session
from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.jobs.posting import WebPost
from hub.base.transaction import Transactions
from hub.desk.invoices.model.events import InvoiceCancelled, InvoiceIssued
from hub.desk.orders.model.events import OrderChanged, OrderRedirected, OrdersPlaced
from hub.desk.payments.model import PaymentMoved
from hub.desk.people.acts import PeopleActs
from hub.desk.stock.model.events import StockRanLow
from hub.desk.webhooks import api, store, words
from hub.desk.webhooks.acts import WebhookActs
from hub.desk.webhooks.acts.forget_messages import ForgetMessages
from hub.desk.webhooks.acts.keep_webhook import KeepWebhook
from hub.desk.webhooks.acts.send_webhook import SendWebhook
from hub.desk.webhooks.commands import add
from hub.desk.webhooks.pages import webhooks
from hub.web.noun import MenuEntry, Noun, Work

NOUN: Final = Noun(
    "webhooks",
    routers=(webhooks.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry("/webhooks", "menu.webhooks", "network", "webhooks.change", 88, area="network"),
    ),
    words={"webhook_words": words},
    commands=(add,),
    work=(Work("webhooks.change", 80, webhooks.read_work),),
    permissions={"webhooks": ("change",)},
    topics={"webhooks": "webhooks.change"},
)


def build(ground: Ground, transactions: Transactions, *, jobs: Jobs, web: WebPost) -> WebhookActs:
    """Make the acts of webhooks, and have programs told of what happens."""
    transactions.listen(OrdersPlaced, store.expect_placed)
    transactions.listen(OrderChanged, store.expect_change)
    transactions.listen(OrderRedirected, store.expect_redirected)
    transactions.listen(InvoiceIssued, store.expect_invoice)
    transactions.listen(InvoiceCancelled, store.expect_cancelled)
    transactions.listen(PaymentMoved, store.expect_payment)
    transactions.listen(StockRanLow, store.expect_low)

    def session_for(name: str) -> Session | None:
        return ground.part(PeopleActs).sign_in.session_for(name)

    jobs.handle_outside(store.SEND, SendWebhook(transactions, ground.clock, web, session_for))
    return WebhookActs(
        keep=KeepWebhook(transactions, ground.clock),
        forget=ForgetMessages(transactions, ground.clock),
    )
