"""What payments bring to the hub: acts, pages, commands and promises."""

from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.jobs import Jobs
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.payments import api, words
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.acts.allocate_payment import AllocatePayment
from hub.desk.payments.acts.give_paper import GivePaymentPaper
from hub.desk.payments.acts.move_cheque import MoveCheque
from hub.desk.payments.acts.refund_payment import RefundPayment
from hub.desk.payments.acts.take_payment import TakePayment
from hub.desk.payments.acts.tell_shop import tell_shop
from hub.desk.payments.acts.void_payment import VoidPayment
from hub.desk.payments.acts.write_off_rest import WriteOffRest
from hub.desk.payments.commands import add
from hub.desk.payments.pages import limit, listing, records, taking
from hub.desk.payments.promises import CHECK
from hub.desk.payments.store.telling import TELL_SHOP
from hub.web.noun import Finder, MenuEntry, Noun, Panel, Work

NOUN: Final = Noun(
    "payments",
    routers=(
        taking.router,
        limit.router,
        records.router,
        api.router,
        api.invoice_router,
    ),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(
        MenuEntry(
            "/payments", "menu.payments", "receipt-2", "payments.read", 44, key="m", area="money"
        ),
    ),
    words={"payment_words": words},
    commands=(add,),
    panels=(
        Panel(
            "invoice",
            "",
            "",
            read=records.read_of_invoice,
            dialogs="invoice_payment_dialogs.html",
            actions=records.offer_payment,
        ),
        Panel(
            "customer",
            "",
            "",
            read=records.read_of_customer,
            actions=records.offer_of_customer,
        ),
    ),
    work=(Work("payments.clear", 34, listing.read_work),),
    finders=(Finder("payments.read", listing.find_payments),),
    permissions={
        "payments": ("read", "take", "clear", "allocate", "refund", "write_off", "limit", "void"),
    },
    topics={"payments": "payments.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, *, jobs: Jobs) -> PaymentActs:
    """Make the acts of payments, and have shops told of cheques that the bank returned."""
    clock = ground.clock
    jobs.handle(TELL_SHOP, tell_shop)
    return PaymentActs(
        take=TakePayment(transactions, clock),
        cheque=MoveCheque(transactions, clock),
        allocate=AllocatePayment(transactions, clock),
        refund=RefundPayment(transactions, clock),
        write_off=WriteOffRest(transactions, clock),
        void=VoidPayment(transactions, clock),
        paper=GivePaymentPaper(ground.part(KeptPapers)),
    )
