"""Invoices of several orders at once: what each would come to, and what became of each."""

from collections.abc import Sequence

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.reads.listing import ToBillRow, read_to_bill_rows
from hub.desk.invoices.reads.record import read_order_ref
from hub.desk.parties.reads import read_distributor
from hub.web import formats
from hub.web.frames.cells import Amount
from hub.web.noun import Became, Foreseen


def foresee_bill(
    connection: Connection,
    keys: Sequence[str],
    session: Session,
    *,
    ground: Ground,
    words: PageWords,
    now_ms: int,
) -> Sequence[Foreseen]:
    """Tell what the invoice of each order would come to, or what it lacks.

    The token names what is to be billed: where that is something else by then, nothing is.
    """
    del now_ms
    acts, money = ground.part(InvoiceActs), read_distributor(connection).money
    rows = {row.uuid: row for row in read_to_bill_rows(connection, keys, scope=session.scope)}
    return [
        _foresee(acts, rows[key], order, session=session, words=words, money=money)
        for key in keys
        if key in rows
        for order in [read_order_ref(connection, key, scope=session.scope)]
        if order is not None
    ]


def _foresee(
    acts: InvoiceActs,
    row: ToBillRow,
    order: tuple[int, str, str, bool],
    *,
    session: Session,
    words: PageWords,
    money: HouseMoney,
) -> Foreseen:
    found = acts.make.foresee(orders=[order[0]], scope=session.scope)
    new, faults = (None, found.reasons) if isinstance(found, Refused) else found
    due = formats.day(new.due, words) if new and new.due else ""
    return Foreseen(
        row.uuid,
        row.number,
        row.customer,
        words.text("invoices.bill_effect", due=due) if due else words.text("invoices.no_terms"),
        address=f"/invoices/new?order={row.uuid}",
        token=new.key if new else "",
        why_not="; ".join(sentence(one, language=words.language, money=money) for one in faults),
        worth=Amount(new.payable, new.currency, new.scale) if new else None,
    )


def bill_row(
    ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords
) -> str | Became:
    """Issue the invoice of one order; where it is issued already, name that one."""
    del why
    with ground.database.read() as connection:
        order = read_order_ref(connection, row.key, scope=session.scope)
        money = read_distributor(connection).money
    if order is None:
        return words.text("bulk.not_found")
    done = ground.part(InvoiceActs).make(
        orders=[order[0]], by=session.user, scope=session.scope, seen=row.token
    )
    if isinstance(done, Refused):
        reasons = done.reasons
        return "; ".join(sentence(one, language=words.language, money=money) for one in reasons)
    return Became(done.number, f"/invoices/{done.invoice}")
