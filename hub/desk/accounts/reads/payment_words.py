"""How an order is paid, in one word: the one expression that lists, records and files ask for."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select

from hub.desk.accounts.tables import account_document, account_order


def payment_word(order: ColumnElement[int], today: date) -> ColumnElement[str]:
    """Give `unpaid`, `part`, `paid` or `overdue` of an order, by its row's id.

    Overdue is an order of which an invoice is open after its due day. An order is paid once all of
    it is billed and nothing of its invoices is open; of which 500 of 1,200 were paid, it is `part`.
    """
    link, one = account_order.c, account_document.c
    late = and_(one.due < today, one.allocated < one.amount)
    word = case(
        (func.count() == 0, "unpaid"),
        (func.sum(case((late, 1), else_=0)) > 0, "overdue"),
        (
            and_(
                func.sum(one.amount - one.allocated) == 0,
                func.sum(case((link.whole, 0), else_=1)) == 0,
            ),
            "paid",
        ),
        (func.sum(one.allocated) > 0, "part"),
        else_="unpaid",
    )
    return (
        select(word)
        .select_from(account_order)
        .join(account_document, one.id == link.document_id)
        .where(link.order_id == order, one.voided.is_(None))
        .scalar_subquery()
    )
