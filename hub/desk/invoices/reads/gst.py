"""A month for the return of sales (GSTR-1): by buyer and rate, by code of goods, by number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, select, true

from hub.base.access import Scope
from hub.desk.invoices.model.billing import KINDS
from hub.desk.invoices.model.eway import unit_of
from hub.desk.invoices.model.gst_return import (
    HsnRow,
    IssuedRun,
    Part,
    ReturnRow,
    runs_of,
    table_of,
)
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.reads.scope import invoices_of
from hub.desk.invoices.tables import invoice, invoice_line, invoice_tax
from hub.desk.parties.tables import party

_HEADS: Final = ("IGST", "CGST", "SGST", "CESS")


@dataclass(frozen=True, slots=True)
class Month:
    """Whose documents of which days go into a return; without a seller, those of all sellers.

    A return is of one GSTIN: a house of several sellers names one, by its code.
    """

    first: date
    last: date
    seller: str = ""


def read_part(
    connection: Connection, part: Part, month: Month, *, scope: Scope
) -> Sequence[ReturnRow | HsnRow | IssuedRun]:
    """Read one of the parts of a return."""
    match part:
        case "rates":
            return read_month(connection, month, scope=scope)
        case "hsn":
            return read_goods(connection, month, scope=scope)
        case "issued":
            return read_issued(connection, month, scope=scope)


def read_goods(connection: Connection, month: Month, *, scope: Scope) -> Sequence[HsnRow]:
    """Read what was sold by code of goods, unit and rate, less what was credited (table 12).

    Free pieces of what the invoice also sells count there, at its rate: twelve are sold for the
    price of ten (circular 92/11/2019). Other free goods come to nothing, and are left out, as
    everywhere in the return: at which rate they would stand is for an accountant to say.
    """
    rates, sold = _rates(), _sold()
    rate = func.coalesce(rates.c.rate, sold.c.rate, 0)
    sums = (
        func.sum(invoice_line.c.quantity),
        func.sum(invoice_line.c.total),
        func.sum(invoice_line.c.net),
        *(func.coalesce(func.sum(rates.c[name]), 0) for name in _HEADS),
    )
    of = (invoice.c.kind, invoice.c.buyer, invoice_line.c.hsn, invoice_line.c.unit, rate)
    query = (
        select(*of, *sums)
        .join(invoice_line, invoice_line.c.invoice_id == invoice.c.id)
        .outerjoin(rates, _is_of_line(rates))
        .outerjoin(sold, _is_given_with(sold))
        .where(_counts(month, scope), invoice.c.cancelled_day.is_(None))
        .where(~invoice_line.c.free | (invoice_line.c.net != 0) | sold.c.rate.is_not(None))
        .group_by(*of)
    )
    found: dict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0] * (3 + len(_HEADS)))
    for kind, buyer, hsn, unit, of_rate, *amounts in connection.execute(query):
        buyers = "B2B" if read_side(buyer).gstin else "B2C"
        sign = -1 if kind == "credit_note" else 1
        row = found[buyers, hsn, unit_of(unit), int(of_rate)]
        row[:] = [had + sign * int(one) for had, one in zip(row, amounts, strict=True)]
    return [
        HsnRow("B2B" if buyers == "B2B" else "B2C", hsn, unit, of_rate, *row)
        for (buyers, hsn, unit, of_rate), row in sorted(found.items())
    ]


def read_issued(connection: Connection, month: Month, *, scope: Scope) -> Sequence[IssuedRun]:
    """Read which numbers were given, and how many of them are cancelled (table 13)."""
    query = select(
        invoice.c.seller_id, invoice.c.kind, invoice.c.number, invoice.c.cancelled_day
    ).where(_counts(month, scope))
    given: dict[tuple[int, int], dict[str, bool]] = defaultdict(dict)
    for seller, kind, number, cancelled in connection.execute(query):
        given[KINDS.index(kind), seller][number] = cancelled is not None
    return [
        run for (kind, _), numbers in sorted(given.items()) for run in runs_of(KINDS[kind], numbers)
    ]


def read_month(connection: Connection, month: Month, *, scope: Scope) -> Sequence[ReturnRow]:
    """Read each rate of each document of a month; what was cancelled in it is left out.

    Goods that are given free come to nothing, and are in no table.
    """
    rates, noted = _rates(), invoice.alias("noted")
    rate = func.coalesce(rates.c.rate, 0)
    query = (
        select(
            invoice,
            rate.label("of_rate"),
            func.coalesce(noted.c.day, invoice.c.day).label("sold_day"),
            func.coalesce(noted.c.payable, invoice.c.payable).label("sold_payable"),
            func.sum(invoice_line.c.net).label("taxable"),
            *(func.coalesce(func.sum(rates.c[name]), 0).label(f"sum_{name}") for name in _HEADS),
        )
        .join(invoice_line, invoice_line.c.invoice_id == invoice.c.id)
        .outerjoin(noted, noted.c.id == invoice.c.of_id)
        .outerjoin(rates, _is_of_line(rates))
        .where(_counts(month, scope), invoice.c.cancelled_day.is_(None))
        .group_by(*invoice.c, noted.c.day, noted.c.payable, rate)
        .order_by(invoice.c.id, rate)
    )
    rows = (_row(row) for row in connection.execute(query).mappings())
    return [one for one in rows if one.says_something]


def _counts(month: Month, scope: Scope) -> ColumnElement[bool]:
    """Say of a document that it is of the month, of the seller, and seen by whoever reads."""
    seller = select(party.c.id).where(party.c.code == month.seller).scalar_subquery()
    return and_(
        invoice.c.day.between(month.first, month.last),
        invoice.c.seller_id == seller if month.seller else true(),
        invoices_of(scope),
    )


def _rates() -> Subquery:
    """Write the rate of each line, which is without cess, and what each head comes to."""
    rate = func.sum(case((invoice_tax.c.head != "CESS", invoice_tax.c.rate), else_=0))
    of = (invoice_tax.c.invoice_id, invoice_tax.c.line)
    return select(*of, rate.label("rate"), *map(_head, _HEADS)).group_by(*of).subquery()


def _sold() -> Subquery:
    """Write the rate of each product that an invoice sells, which bears none where it is exempt."""
    rates = _rates()
    line = invoice_line.alias("sold_line")
    of = (line.c.invoice_id, line.c.product_id)
    is_of = and_(rates.c.invoice_id == line.c.invoice_id, rates.c.line == line.c.line)
    rate = func.max(func.coalesce(rates.c.rate, 0)).label("rate")
    query = select(*of, rate).outerjoin(rates, is_of).where(~line.c.free).group_by(*of)
    return query.subquery("sold")


def _is_given_with(sold: Subquery) -> ColumnElement[bool]:
    """Say of free goods that their invoice, or the one that a note is of, sells the product too."""
    own = func.coalesce(invoice.c.of_id, invoice.c.id)
    return and_(
        invoice_line.c.free,
        sold.c.invoice_id == own,
        sold.c.product_id == invoice_line.c.product_id,
    )


def _is_of_line(rates: Subquery) -> ColumnElement[bool]:
    return and_(rates.c.invoice_id == invoice.c.id, rates.c.line == invoice_line.c.line)


def _head(name: str) -> Any:  # noqa: ANN401 -- a labelled sum
    own = ("SGST", "UTGST") if name == "SGST" else (name,)
    is_own = invoice_tax.c.head.in_(own)
    return func.sum(case((is_own, invoice_tax.c.amount), else_=0)).label(name)


def _row(row: Any) -> ReturnRow:  # noqa: ANN401 -- a row of a query
    seller, buyer = read_side(row["seller"]), read_side(row["buyer"])
    sign = -1 if row["kind"] == "credit_note" else 1
    return ReturnRow(
        row["kind"],
        table_of(
            row["kind"],
            gstin=buyer.gstin,
            is_inter=bool(seller.state) and row["place_of_supply"] not in {"", seller.state},
            day=_day(row["sold_day"]),
            value=row["sold_payable"],
            scale=row["scale"],
            rate=int(row["of_rate"]),
        ),
        row["number"],
        row["day"],
        buyer.gstin,
        buyer.name,
        row["place_of_supply"],
        bool(row["reverse_charge"]),
        sign * row["payable"],
        int(row["of_rate"]),
        taxable=sign * int(row["taxable"]),
        igst=sign * int(row["sum_IGST"]),
        cgst=sign * int(row["sum_CGST"]),
        sgst=sign * int(row["sum_SGST"]),
        cess=sign * int(row["sum_CESS"]),
    )


def _day(value: date | str) -> date:
    """Read a day: SQLite's driver gives its text where it is no column."""
    return date.fromisoformat(value) if isinstance(value, str) else value
