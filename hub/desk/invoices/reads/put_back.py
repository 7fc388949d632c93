"""Where goods were put that came back on credit notes: of which batch, into which bucket."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.invoices.model.crediting import PARTS
from hub.desk.invoices.reads.scope import invoices_of
from hub.desk.invoices.tables import invoice
from hub.desk.stock.tables import batch, stock_document, stock_document_line

_LINE: Final = stock_document_line.c


@dataclass(frozen=True, slots=True)
class PutBack:
    """Base units of one batch that a line of a credit note took back, and where they were put."""

    quantity: int
    bucket: str
    batch_id: int
    batch: str


def list_put_back(
    connection: Connection, notes: Collection[int], *, scope: Scope
) -> dict[tuple[int, int], list[PutBack]]:
    """Give what was put into stock by credit note and line.

    What never came is not among it, nor what was taken out again as its note was cancelled.
    """
    query = (
        select(invoice.c.id, _LINE.line, _LINE.quantity, _LINE.to_bucket, batch.c.id, batch.c.code)
        .join(stock_document, stock_document.c.key == invoice.c.key)
        .join(stock_document_line, _LINE.document_id == stock_document.c.id)
        .join(batch, batch.c.id == _LINE.batch_id)
        .where(invoice.c.id.in_(notes), invoice.c.cancelled_day.is_(None), invoices_of(scope))
        .order_by(invoice.c.id, _LINE.line)
    )
    found: dict[tuple[int, int], list[PutBack]] = {}
    for note, part, *rest in connection.execute(query):
        found.setdefault((note, part // PARTS), []).append(PutBack(*rest))
    return found
