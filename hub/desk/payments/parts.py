"""What payments bring to the hub: acts, pages, commands and promises."""

from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.acts.allocate_payment import AllocatePayment
from hub.desk.payments.acts.move_cheque import MoveCheque
from hub.desk.payments.acts.refund_payment import RefundPayment
from hub.desk.payments.acts.take_payment import TakePayment
from hub.desk.payments.acts.write_off_rest import WriteOffRest
from hub.desk.payments.promises import CHECK
from hub.web.noun import Noun

NOUN: Final = Noun(
    "payments",
    permissions={
        "payments": ("read", "take", "clear", "allocate", "refund", "write_off"),
    },
    topics={"payments": "payments.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions) -> PaymentActs:
    """Make the acts of payments."""
    clock = ground.clock
    return PaymentActs(
        take=TakePayment(transactions, clock),
        cheque=MoveCheque(transactions, clock),
        allocate=AllocatePayment(transactions, clock),
        refund=RefundPayment(transactions, clock),
        write_off=WriteOffRest(transactions, clock),
    )
