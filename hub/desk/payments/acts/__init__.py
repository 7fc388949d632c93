"""What is done with money: take it, clear cheques, allocate, refund, void, write rests off."""

from dataclasses import dataclass

from hub.desk.payments.acts.allocate_payment import AllocatePayment
from hub.desk.payments.acts.give_paper import GivePaymentPaper
from hub.desk.payments.acts.move_cheque import MoveCheque
from hub.desk.payments.acts.refund_payment import RefundPayment
from hub.desk.payments.acts.take_payment import TakePayment
from hub.desk.payments.acts.void_payment import VoidPayment
from hub.desk.payments.acts.write_off_rest import WriteOffRest


@dataclass(frozen=True, slots=True)
class PaymentActs:
    """The acts of payments."""

    take: TakePayment
    cheque: MoveCheque
    allocate: AllocatePayment
    refund: RefundPayment
    write_off: WriteOffRest
    void: VoidPayment
    paper: GivePaymentPaper
