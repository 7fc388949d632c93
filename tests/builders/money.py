"""Money of the market: orders billed, credited, paid, and what came of it."""

from typing import Final

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import Taken
from tests.builders.delivered import recorded, sent
from tests.builders.market import Market, new_uuid

BY: Final = "asha"


def invoices_of(market: Market) -> InvoiceActs:
    """Give the acts of invoices."""
    return market.hub.ground.part(InvoiceActs)


def payments_of(market: Market) -> PaymentActs:
    """Give the acts of payments."""
    return market.hub.ground.part(PaymentActs)


def order_id(market: Market, uuid: str) -> int:
    """Give the row id of an order."""
    return int(market.rows("SELECT id FROM order_ WHERE uuid = :u", u=uuid)[0][0])


def billed(market: Market, *orders: str, seen: str = "") -> Issued:
    """Bill all that is left of orders."""
    done = try_bill(market, *orders, seen=seen)
    assert isinstance(done, Issued), done
    return done


def try_bill(market: Market, *orders: str, seen: str = "") -> Issued | Refused:
    """Bill all that is left of orders, or be refused."""
    ids = [order_id(market, one) for one in orders]
    return invoices_of(market).make(orders=ids, by=BY, scope=EVERYTHING, seen=seen)


def key_shown(market: Market, *orders: str) -> str:
    """Give the key of what a page shows to bill."""
    ids = [order_id(market, one) for one in orders]
    foreseen = invoices_of(market).make.foresee(orders=ids, scope=EVERYTHING)
    assert not isinstance(foreseen, Refused), foreseen
    return foreseen[0].key


def delivered(market: Market, *lines: tuple[str, int], terminal: str = "shop-2") -> str:
    """Place an order and bring it, and give its id."""
    order = market.place(*lines, terminal=terminal).order
    wave = sent(market, order)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))
    return order


def paid(market: Market, amount: str, *, customer: str = "C2", **fields: str) -> Taken:
    """Take a payment that pays what is due first, unless it says otherwise."""
    done = try_pay(market, amount, customer=customer, anyway=False, **fields)
    assert isinstance(done, Taken), done
    return done


def try_pay(
    market: Market, amount: str, *, customer: str = "C2", anyway: bool = False, **fields: str
) -> Taken | Refused:
    """Take a payment, or be refused."""
    texts = {"amount": amount, "mode": "cash", "oldest": "1", **fields}
    take = payments_of(market).take
    return take(customer, texts, key=new_uuid(), by=BY, scope=EVERYTHING, anyway=anyway)


def credited(market: Market, invoice: int, asked: Credited) -> Issued | Refused:
    """Credit an invoice."""
    return invoices_of(market).credit(invoice, asked, why="broken", by=BY, scope=EVERYTHING)


def account_of(market: Market, customer: str = "C2") -> tuple[int, int, int]:
    """Give what a customer owes or will owe, of it on documents, and cheques not cleared."""
    ((*found,),) = market.rows(
        "SELECT a.exposure, a.billed, a.clearing FROM customer_account a "
        "JOIN party p ON p.id = a.customer_id WHERE p.code = :c",
        c=customer,
    )
    return tuple(int(one) for one in found)  # type: ignore[return-value]


def open_of(market: Market, number: str) -> int:
    """Give what is open of a document."""
    (((found),),) = market.rows(
        "SELECT amount - allocated FROM account_document WHERE number = :n", n=number
    )
    return int(found)


def move_money(market: Market) -> None:
    """Bring a market to money of each kind: billed, credited, cancelled, paid, bounced, back."""
    before = market.place(("TEA", 3), ("RICE", 10)).order
    invoice = billed(market, before)
    invoices_of(market).cancel(invoice.invoice, why="wrong", by=BY, scope=EVERYTHING)
    billed(market, before)
    brought = billed(market, delivered(market, ("SOAP", 20), ("TEA", 2)))
    credited(market, brought.invoice, Credited(back={1: 3}))
    cheque = paid(market, "300.00", mode="cheque", reference="C-1")
    payments_of(market).cheque(cheque.payment, "clearing", by=BY, scope=EVERYTHING)
    payments_of(market).cheque(cheque.payment, "bounced", by=BY, scope=EVERYTHING)
    paid(market, "100.00", mode="cheque", reference="C-2")
    much = paid(market, "2000.00", mode="upi", reference="U-1")
    payments_of(market).refund(
        much.payment, {"amount": "50.00", "mode": "cash"}, key=new_uuid(), by=BY, scope=EVERYTHING
    )
